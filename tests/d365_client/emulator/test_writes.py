"""Creates, updates and deletes, whatever the entity set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

VENDOR = "/data/VendorsV2(dataAreaId='mqus',VendorAccountNumber='V-10001')"
NOT_FOUND = "No resources were found when selecting for update."


async def test_a_create_answers_with_the_whole_row(api: Api) -> None:
    """201 with Location, ETag and every field, defaults included (d365.md §2.9)."""
    answer = await api.http.post(
        "/data/VendorsV2",
        json={"dataAreaId": "MQUS", "VendorOrganizationName": "New", "VendorGroupId": "10"},
    )
    row = answer.json()

    assert answer.status_code == 201
    assert answer.headers["etag"] == row["@odata.etag"]
    assert answer.headers["location"] == (
        "https://d365.test/data/VendorsV2"
        f"(dataAreaId='mqus',VendorAccountNumber='{row['VendorAccountNumber']}')"
    )
    assert (await api.http.get(answer.headers["location"])).json() == row
    assert (row["dataAreaId"], row["CurrencyCode"], row["OnHoldStatus"]) == ("mqus", "USD", "No")
    assert row["VendorAccountNumber"] == "000000001"


async def test_a_create_without_company_is_in_the_default_company(api: Api) -> None:
    """The calls run as a user, and the user has a default company (d365.md §1.4)."""
    row = await api.create("VendorGroups", VendorGroupId="20")

    assert row["dataAreaId"] == "mqus"


async def test_a_create_in_another_company_needs_no_cross_company(api: Api) -> None:
    """The company of a create stands in its body."""
    row = await api.create("VendorGroups", dataAreaId="mqgs", VendorGroupId="20")

    assert row["dataAreaId"] == "mqgs"


@pytest.mark.parametrize(
    ("entity_set", "fields", "text"),
    [
        ("VendorGroups", {"VendorGroupId": ""}, "Field 'VendorGroupId' must be filled in."),
        ("VendorGroups", {"VendorGroupId": "10"}, "The record already exists.."),
        ("VendorGroups", {"dataAreaId": "xx", "VendorGroupId": "1"}, "'xx' does not exist"),
        ("VendorsV2", {"VendorGroupId": "99"}, "'99' in field 'VendorGroupId' is not found"),
        ("VendorsV2", {}, "Field 'VendorGroupId' must be filled in."),
    ],
)
async def test_a_business_rule_refuses_with_its_infolog(
    api: Api, entity_set: str, fields: dict[str, Any], text: str
) -> None:
    """The useful text stands in innererror, behind the table's name (d365.md §2.11)."""
    message = await api.refused(entity_set, **fields)

    assert message.startswith("Write failed for table row of type '")
    assert " Infolog: " in message
    assert text in message


@pytest.mark.parametrize("status", [400, 500])
async def test_a_refused_direct_write_is_400_or_500(api: Api, status: int) -> None:
    """Both were seen; which one a direct call gets is a switch (d365.md §2.11)."""
    await api.set(write_exception_status=status)

    answer = await api.http.post("/data/VendorGroups", json={"VendorGroupId": "10"})

    assert answer.status_code == status


async def test_the_infolog_may_lie_deeper(api: Api) -> None:
    """Sometimes it is in innererror.internalexception (d365.md §2.11)."""
    await api.set(infolog_is_nested=True)

    answer = await api.http.post("/data/VendorGroups", json={"VendorGroupId": "10"})

    inner = answer.json()["error"]["innererror"]
    assert inner["message"] == "An error has occurred."
    assert "already exists" in inner["internalexception"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"VendorGroupId": 5}',
        b'{"VendorGroupId": "1", "Nothing": 1}',
        b'{"vendorGroupId": "1"}',
        b'{"VendorGroupId": "1", "IsPublicSector_IT": "Maybe"}',
        b'["VendorGroupId"]',
        b"{",
        b"",
    ],
)
async def test_a_body_that_breaks_the_model_is_refused(api: Api, body: bytes) -> None:
    """Names and types of a body are checked before any rule runs."""
    headers = {"Content-Type": "application/json"}

    answer = await api.http.post("/data/VendorGroups", content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["error"]["innererror"]["message"]
    assert len(await api.rows("VendorGroups")) == 2


async def test_annotations_in_a_body_are_passed_over(api: Api) -> None:
    """`@odata.type` is optional in a body (d365.md §2.9)."""
    fields = {"@odata.type": "#Microsoft.Dynamics.DataEntities.VendorGroup", "VendorGroupId": "7"}

    assert (await api.create("VendorGroups", **fields))["VendorGroupId"] == "7"


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", ""])
async def test_a_body_that_is_no_json_is_a_415(api: Api, content_type: str) -> None:
    """A body needs a JSON content type (d365.md §2.7)."""
    answer = await api.http.post(
        "/data/VendorGroups", content=b"{}", headers={"Content-Type": content_type}
    )

    assert answer.status_code == 415


async def test_an_update_changes_some_fields_and_answers_nothing(api: Api) -> None:
    """PATCH is partial: 204, empty, RecVersion becomes an arbitrary number (§2.8, §2.9)."""
    before = (await api.http.get(VENDOR)).json()

    answer = await api.http.patch(VENDOR, json={"VendorOrganizationName": "Renamed"})

    after = (await api.http.get(VENDOR)).json()
    assert (answer.status_code, answer.content) == (204, b"")
    assert after == before | {
        "VendorOrganizationName": "Renamed",
        "@odata.etag": after["@odata.etag"],
    }
    assert after["@odata.etag"] != before["@odata.etag"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_write_to_another_company_needs_cross_company(api: Api, method: str) -> None:
    """Without it the row is not found, which is a 400 here (d365.md §2.4)."""
    url = VENDOR.replace("mqus", "mqgs").replace("V-10001", "V-10001")
    json = {"Notes": "x"} if method == "PATCH" else None

    refused = await api.http.request(method, url, json=json)
    done = await api.http.request(method, f"{url}?cross-company=true", json=json)

    assert refused.status_code == 400
    assert refused.json()["error"]["innererror"]["message"] == NOT_FOUND
    # V-10001 has transactions in mqgs: deleting it is refused by a rule, not by its address.
    assert done.status_code == (204 if method == "PATCH" else 400)
    assert NOT_FOUND not in done.text


async def test_a_delete_removes_the_row(api: Api) -> None:
    """204, and 400 the next time (d365.md §2.9)."""
    url = "/data/VendorPaymentMethods(dataAreaId='mqus',Name='BILL-ACH')"

    assert (await api.http.delete(url)).status_code == 204
    assert (await api.http.get(url)).status_code == 404
    assert (await api.http.delete(url)).json()["error"]["innererror"]["message"] == NOT_FOUND


@pytest.mark.parametrize("status", [412, 409])
async def test_an_outdated_if_match_is_refused(api: Api, status: int) -> None:
    """If-Match is optional, `*` is accepted; what a stale one gets is unverified (§2.8)."""
    await api.set(stale_if_match_status=status)
    etag = (await api.http.get(VENDOR)).json()["@odata.etag"]

    async def patch(if_match: str) -> int:
        headers = {"If-Match": if_match}
        answer = await api.http.patch(VENDOR, json={"Notes": "x"}, headers=headers)
        return answer.status_code

    assert [await patch(etag), await patch(etag), await patch("*")] == [204, status, 204]


async def test_a_key_cannot_be_changed(api: Api) -> None:
    """A key field in an update may repeat the key, not change it (d365.md §2.9)."""
    same = await api.http.patch(VENDOR, json={"VendorAccountNumber": "V-10001", "Notes": "x"})
    other = await api.http.patch(VENDOR, json={"VendorAccountNumber": "V-2"})

    assert (same.status_code, other.status_code) == (204, 400)


@pytest.mark.parametrize(("refused", "status"), [(True, 400), (False, 201)])
async def test_setting_a_read_only_field(api: Api, *, refused: bool, status: int) -> None:
    """Whether AllowEdit=false refuses or ignores is unverified (d365.md §2.9)."""
    await api.set(read_only_fields_are_refused=refused)
    fields = {"JournalName": "BILLPAY", "IsPosted": "Yes"}

    answer = await api.http.post("/data/VendorPaymentJournalHeaders", json=fields)

    assert answer.status_code == status
    assert refused or answer.json()["IsPosted"] == "No"


@pytest.mark.parametrize(("supported", "status"), [(True, 204), (False, 405)])
async def test_put(api: Api, *, supported: bool, status: int) -> None:
    """PUT is listed as a verb, but its behaviour is unverified (d365.md §2.9)."""
    await api.set(put_is_supported=supported)

    answer = await api.http.put(VENDOR, json={"Notes": "x"})

    assert answer.status_code == status


@pytest.mark.parametrize(("writable", "statuses"), [(False, [405, 405]), (True, [204, 204])])
async def test_bi_entities(api: Api, *, writable: bool, statuses: list[int]) -> None:
    """Bi entities are to be treated as read-only; whether they are is unverified (§4.2)."""
    await api.set(bi_entities_are_writable=writable)
    key = (await api.rows("VendTransBiEntities"))[0]["SourceKey"]
    url = f"/data/VendTransBiEntities(dataAreaId='mqus',SourceKey={key})"

    patched = await api.http.patch(url, json={"Txt": "x"})
    deleted = await api.http.delete(url)

    assert [patched.status_code, deleted.status_code] == statuses


@pytest.mark.parametrize(("with_body", "length"), [(False, 0), (True, 1)])
async def test_a_key_of_no_row_is_a_404(api: Api, *, with_body: bool, length: int) -> None:
    """The body of that 404 is unverified, it may be empty (d365.md §2.5)."""
    await api.set(missing_key_has_body=with_body)

    answer = await api.http.get(VENDOR.replace("V-10001", "V-99999"))

    assert answer.status_code == 404
    assert min(len(answer.content), 1) == length


@pytest.mark.parametrize(
    "path",
    [
        "vendorsV2",
        "Vendors",
        "VendorsV2(dataAreaId='mqus')",
        "VendorsV2(VendorAccountNumber=V1,dataAreaId='mqus')",
        "VendorsV2(dataAreaId='mqus',VendorAccountNumber='V-10001')/Nothing",
    ],
)
async def test_no_such_route_has_the_other_envelope(api: Api, path: str) -> None:
    """Unknown sets, names in another case and malformed keys: `Message`, capital M (§2.5)."""
    answer = await api.http.get(f"/data/{path}")

    assert answer.status_code == 404
    assert list(answer.json()) == ["Message"]
    assert answer.json()["Message"].endswith("No route data was found for this request.")


async def test_a_url_can_be_too_long(api: Api) -> None:
    """A long filter is a 414 (d365.md §2.3)."""
    alternatives = " or ".join(f"Invoice eq 'I{number}'" for number in range(600))

    answer = await api.http.get("/data/VendTransBiEntities", params={"$filter": alternatives})

    assert answer.status_code == 414


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", VENDOR), ("DELETE", "/data/VendorsV2"), ("POST", "/data/VendorsV2/$count")],
)
async def test_a_verb_that_a_resource_lacks_is_a_405(api: Api, method: str, path: str) -> None:
    """Sets take GET and POST, rows GET, PATCH, PUT and DELETE."""
    assert (await api.http.request(method, path, json={})).status_code == 405
