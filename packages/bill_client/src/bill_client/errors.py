"""What can go wrong, and what it means for the thing that was asked.

    BillError                       outcome
    ├── NoAnswer                    uncertain · not_executed (a read, or it never left)
    ├── Broken            5xx       uncertain · not_executed (a read)
    ├── Refused                     rejected
    │   ├── BadRequest    400 415 422 …
    │   │   ├── RolledBack          BDC_1246 alone: others of a bulk call failed
    │   │   └── PaymentRefused      BDC_1150, 1151, 1152, 1158, 1402
    │   │       └── Overpaid        BDC_1159
    │   ├── Unauthenticated 401     not_executed
    │   ├── Forbidden     403
    │   │   ├── MfaRequired         BDC_1361
    │   │   └── MfaFailed           BDC_1354, 1356, 1358, 1374
    │   ├── NotFound      404       BDC_1205, 1121
    │   ├── Conflict      409 412
    │   │   └── DuplicateNumber     BDC_1171
    │   └── Throttled     429       not_executed
    │       ├── HourlyLimit         BDC_1144
    │       └── ConcurrencyLimit    BDC_1322
    ├── Undecodable       2xx that cannot be read: uncertain · not_executed (a read)
    └── LoginFailed                 not_executed

The tree is the twin of `d365_client.errors`, with a class more for each family of BILL's codes
(`bill.md` §3). Pure; imports nothing of ours.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

import attrs


class Outcome(enum.StrEnum):
    """What became of the request (`design.md`, *On the wire*)."""

    NOT_EXECUTED = "not_executed"
    """It never left, was refused before execution, or only read: it may be attempted again."""

    REJECTED = "rejected"
    """It was refused for good: nothing was done, and asking again gives the same."""

    UNCERTAIN = "uncertain"
    """It may have been done: look before anything is sent again."""


_FIELD = re.compile(r"([A-Za-z][\w.\[\]]*): ")


@attrs.frozen(kw_only=True)
class Reason:
    """One element of BILL's error array, as it came: `code` is empty where BILL gives none.

    `message` may hold unresolved `${paramName0}`, and `params` is an object or a list (§3).
    """

    code: str
    message: str
    severity: str = ""
    category: str = ""
    params: object = None

    @property
    def field(self) -> str:
        """The field that the message begins with, such as `address.country`; empty without one."""
        named = _FIELD.match(self.message)
        return named[1] if named and not self.code else ""


class BillError(Exception):
    """A request to BILL failed.

    `status` is 0 where there was no answer; `code` and `message` are the service's own words, and
    `reasons` has them one by one, where BILL told several;
    `request_id` is its activity id for support, `request_line` the method and path. No secret is
    ever in any of them.
    """

    reasons: Sequence[Reason] = ()

    def __init__(
        self,
        message: str = "",
        *,
        outcome: Outcome = Outcome.REJECTED,
        status: int = 0,
        code: str = "",
        request_id: str = "",
        request_line: str = "",
    ) -> None:
        self.message = message or (type(self).__doc__ or "").splitlines()[0]
        self.outcome = outcome
        self.status = status
        self.code = code
        self.request_id = request_id
        self.request_line = request_line
        super().__init__(self.message)

    def __str__(self) -> str:
        parts = [self.request_line, str(self.status or ""), self.code, self.message]
        told = " · ".join(part for part in parts if part)
        return f"{told} (request {self.request_id})" if self.request_id else told


class NoAnswer(BillError):
    """Nothing usable came back. `sent` says whether the request may have arrived."""

    def __init__(
        self,
        message: str = "",
        *,
        sent: bool,
        outcome: Outcome,
        request_line: str = "",
        request_id: str = "",
    ) -> None:
        self.sent = sent
        super().__init__(message, outcome=outcome, request_line=request_line, request_id=request_id)


class Broken(BillError):
    """The service failed with a 5xx."""


class Refused(BillError):
    """The service said no."""


class BadRequest(Refused):
    """The request does not fit. `fields` are those that the answer names, if it names any."""

    fields: Sequence[str] = ()


class RolledBack(BadRequest):
    """Nothing of a bulk call was done, because of others in it that the answer does not name."""


class PaymentRefused(BadRequest):
    """BILL does not pay like this: the date, the address, the account or the user does not do."""


class Overpaid(PaymentRefused):
    """A bill would be paid more than is due."""


class Unauthenticated(Refused):
    """The credential is not accepted, also after it was renewed."""


class Forbidden(Refused):
    """The credential is good and its user may not do this."""


class MfaRequired(Forbidden):
    """The session is not trusted: answer an MFA challenge, or step up, and ask again.

    `mfa.challenge` and `mfa.validate` do, or `mfa.step_up` with what an earlier challenge gave; a
    sync token's session cannot be trusted. Logging in again does not help (`bill.md` §1.5).
    """


class MfaFailed(Forbidden):
    """Multi-factor authentication failed: no device, a wrong or late token, too many attempts."""


class NotFound(Refused):
    """There is no such thing."""


class Conflict(Refused):
    """It is not any more what the request took it to be."""


class DuplicateNumber(Conflict):
    """The number is taken."""


class Throttled(Refused):
    """Refused unread. `retry_after` is in seconds, None where the answer did not say."""

    retry_after: float | None = None


class HourlyLimit(Throttled):
    """The clock hour's calls of the developer key are used up; `retry_after` is to its end."""


class ConcurrencyLimit(Throttled):
    """More calls at a time than BILL allows a developer key in an organisation."""


class Undecodable(BillError):
    """A success that is not what was promised. `problems` say where and what.

    `garbled` says that the answer was cut short or is something else altogether, so that a read
    may well succeed when it is repeated.
    """

    problems: Sequence[str] = ()
    garbled: bool = False


class LoginFailed(BillError):
    """No credential could be had."""


def garbled(message: str) -> Undecodable:
    """The error of a success that was cut short or is something else altogether."""
    error = Undecodable(message)
    error.garbled = True
    return error


BY_STATUS: dict[int, type[Refused]] = {
    400: BadRequest,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Conflict,
    415: BadRequest,
    422: BadRequest,
    429: Throttled,
}
"""The class of each refusing status; any other 4xx is a `BadRequest`."""

BY_CODE: dict[str, type[Refused]] = {
    "BDC_1102": Unauthenticated,
    "BDC_1109": Unauthenticated,
    "BDC_1121": NotFound,
    "BDC_1144": HourlyLimit,
    "BDC_1150": PaymentRefused,
    "BDC_1151": PaymentRefused,
    "BDC_1152": PaymentRefused,
    "BDC_1158": PaymentRefused,
    "BDC_1159": Overpaid,
    "BDC_1171": DuplicateNumber,
    "BDC_1205": NotFound,
    "BDC_1246": RolledBack,
    "BDC_1322": ConcurrencyLimit,
    "BDC_1354": MfaFailed,
    "BDC_1356": MfaFailed,
    "BDC_1358": MfaFailed,
    "BDC_1361": MfaRequired,
    "BDC_1374": MfaFailed,
    "BDC_1402": PaymentRefused,
}
"""The class of each code that says more than its status, which is unverified (`bill.md` §2, §3)."""

_UNREAD = (Unauthenticated, Throttled)


def refused(
    status: int,
    message: str,
    *,
    code: str = "",
    request_id: str = "",
    request_line: str = "",
    retry_after: float | None = None,
) -> Refused:
    """The error of a refusing answer, with its outcome; its code goes before its status."""
    kind = BY_CODE.get(code) or BY_STATUS.get(status, BadRequest)
    if issubclass(kind, MfaRequired):
        message = f"{message}: answer an MFA challenge or step up (client.mfa), then ask again"
    error = kind(
        message,
        outcome=Outcome.NOT_EXECUTED if issubclass(kind, _UNREAD) else Outcome.REJECTED,
        status=status,
        code=code,
        request_id=request_id,
        request_line=request_line,
    )
    if isinstance(error, Throttled):
        error.retry_after = retry_after
    return error
