"""Settings that cannot work are refused with what to correct."""

import msgspec
import pytest

from parvis_erp_connector import plugin
from parvis_erp_connector.settings import ItemBooking, Settings

TRYTON = {"kind": "tryton", "address": "https://erp.example/ville", "login": "parvis", "company": "1"}
BILLS = {"name": "bills", "system": "ville", "lines": {"*": {"account": "4100"}}}


def settings(**given):
    usual = {"systems": {"ville": TRYTON}, "secrets": {"ville": "x"}, "invoices": [BILLS]}
    return msgspec.convert(usual | given, Settings)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"systems": {}}, "there is no system 'ville'"),
        ({"secrets": {}}, "neither `secrets` nor `secret_file` has the secret of 'ville'"),
        ({"invoices": [BILLS, BILLS]}, "two connectors are called 'bills'"),
        ({"systems": {"ville": TRYTON | {"address": "http://erp.example"}}}, "address is no address of https"),
        ({"systems": {"ville": TRYTON | {"address": "https://erp.example:0"}}}, "address is no address of https"),
        ({"systems": {"ville": TRYTON | {"kind": "business_central"}}}, "token_address is no address of https"),
        ({"invoices": [BILLS | {"lines": {"*": {}}}]}, "booked on an account or as a product"),
        ({"invoices": [BILLS | {"name": "Mes factures"}]}, "regex"),
    ],
)
def test_what_cannot_work_is_named(given, words):
    with pytest.raises(msgspec.ValidationError, match=words):
        settings(**given)


def test_without_settings_there_is_no_connector():
    assert list(plugin.connectors(Settings())) == []


def test_a_tax_that_comes_about_there_is_not_booked():
    with pytest.raises(ValueError, match="comes about by a tax"):
        ItemBooking(by_tax=True, account="4100")


def test_each_connector_is_one_of_its_own_and_says_what_it_needs():
    work = {"types": ["pothole"], "to": "project.work", "key": "name", "columns": {"name": "type_title"}}
    personal = work | {"columns": {"name": "requester.name"}}
    made = plugin.connectors(
        settings(
            work_orders=[
                {"name": "orders", "system": "ville", "mappings": [work], "towns": ["parvis"]},
                {"name": "more", "system": "ville", "mappings": [personal], "personal": True, "photos": True},
            ]
        )
    )
    assert [(each.name, each.types, each.towns) for each in made] == [
        ("orders", ("pothole",), ("parvis",)),
        ("more", ("pothole",), ()),
        ("bills", (), ()),
    ]
    assert [each.needs for each in made] == [(), ("contact", "personal", "attachments"), ("fees", "contact")]
