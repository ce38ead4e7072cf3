"""A hairdresser's whose stylists have free times, at which appointments are booked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from callsmith.config import Toolkit
from callsmith.records import Toolset
from callsmith.sources import load
from everyday import DAY, TEXT, api, at, operation

WHEN = {"type": "string", "format": "date-time"}
CLIENT = {"client_id": TEXT, "name": TEXT, "phone": TEXT}
STYLIST = {"stylist_id": TEXT, "name": TEXT, "phone": TEXT}
CUT = {"appointment_id": TEXT, "client_id": TEXT, "stylist_id": TEXT, "starts_at": WHEN,
       "status": {"type": "string", "enum": ["booked", "done", "cancelled"]}}  # fmt: skip
FREE = {"type": "object", "properties": {
    "stylist_id": TEXT, "day": DAY,
    "slots": {"type": "array", "items": {
        "type": "object", "required": ["starts_at", "ends_at"], "properties": {"starts_at": WHEN, "ends_at": WHEN}}},
}}  # fmt: skip


def salon_in(folder: Path) -> Toolkit:
    day = {"name": "day", "in": "query", "required": True, "schema": DAY}
    slots = operation(
        "freeSlots", "Free slots of a stylist on a day", "Client", parameters=[*at("stylist_id"), day]
    )
    slots["responses"]["200"]["content"]["application/json"]["schema"] = FREE
    book = operation("bookAppointment", "Book an appointment", "Appointment")
    given = {"client_id": TEXT, "stylist_id": TEXT, "starts_at": WHEN}
    schema = {"type": "object", "required": list(given), "properties": given}
    book |= {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
    return api(folder, "Salon", {
        "/clients": {"get": operation("listClients", "List clients", "Client", True)},
        "/stylists": {"get": operation("listStylists", "List stylists", "Stylist", True)},
        "/stylists/{stylist_id}/slots": {"get": slots},
        "/appointments": {"post": book},
    }, Client=CLIENT, Stylist=STYLIST, Appointment=CUT)  # fmt: skip


@lru_cache(maxsize=1)
def salon() -> Toolset:
    with TemporaryDirectory() as folder:
        return load(salon_in(Path(folder))).toolset
