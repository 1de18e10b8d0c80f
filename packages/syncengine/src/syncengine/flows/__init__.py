"""The three flows: mappers and the declarations that join them to a source and a target."""
