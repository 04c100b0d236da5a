"""A server for several: Anna, Bert who has a PIN, and Carla who is an admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from voiceguide.listeners import Listener, Roster, granting
from voiceguide.listeners.passwords import AppPassword, Door
from voiceguide.listeners.pin import new_pin
from voiceguide.listeners.rights import Right
from voiceguide.server.web import state_of
from voiceguide.server.web.doors import Doors

TOKEN: Final = "a-long-token"
PIN: Final = "2468"
PAGE: Final = {"Accept": "text/html"}


@dataclass(frozen=True)
class Household:
    """The application, who lives there by id, and their names."""

    app: Flask
    roster: Roster
    anna: str
    bert: str
    carla: str

    @property
    def doors(self) -> Doors:
        return state_of(self.app).doors

    def named(self, listener: str) -> Listener:
        return self.roster.of(listener)

    def token(self, listener: str) -> str:
        """Return the token of a listener's link."""
        return self.doors.token(self.named(listener))

    def password(
        self, listener: str, label: str = "phone", door: Door = Door.FEED
    ) -> tuple[AppPassword, str]:
        return granting.add_password(self.roster, listener, label, door)

    def browser(self, *listeners: str) -> FlaskClient:
        """Return a browser in which the links of these were opened; the first of them listens there."""
        client = self.app.test_client()
        for each in listeners:
            client.get(f"/?token={self.token(each)}")
        if listeners and self.named(listeners[0]).pin is not None:
            client.post(f"/as/{listeners[0]}", data={"pin": PIN})
        return client


def household(app: Flask, roster: Roster) -> Household:
    """Return the household of *app*, once they are in its *roster*."""
    anna, bert = roster.add("Anna"), roster.add("Bert")
    carla = roster.add("Carla", tuple(Right))
    granting.set_pin(roster, bert.id, new_pin(PIN))
    return Household(app, roster, anna.id, bert.id, carla.id)


def me(client: FlaskClient, **headers: str) -> str:
    """Return who the server says one is; "401" for nobody."""
    answer = client.get("/api/me", headers=headers)
    return str(answer.status_code) if answer.status_code != 200 else str(answer.get_json()["name"])


def location(answer: TestResponse) -> str:
    """Return where *answer* sends a browser."""
    assert answer.status_code == 303
    return urlsplit(answer.headers["Location"]).path
