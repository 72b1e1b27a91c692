import pytest

from pilotfish.syntax.name_parts import parts_of


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("getRayBundle", ["get", "ray", "bundle"]),
        ("get_ray_bundle", ["get", "ray", "bundle"]),
        ("HTTPServer2", ["http", "server"]),
        ("MAX_SIZE_42", ["max", "size", "42"]),
        ("größterÖrtlicherWert", ["größterörtlicher", "wert"]),
        ("имяФайла", ["имяфайла"]),
        ("x_", []),
    ],
)
def test_names_are_cut_into_words(name: str, parts: list[str]) -> None:
    assert parts_of(name) == parts
