"""`parvis people link`: whose account at a provider opens an account here."""

import sqlite3

PROVIDERS = '[ville]\nname = "Ville"\nissuer = "https://login.ville.example"\nclient_id = "parvis"\n'
LEA = ("lea@ville.example", "--name", "Léa", "--role", "agent@parvis", "--password", "quatre chevaux verts")


def test_somebody_at_a_provider_is_joined_once_to_an_account_that_is_here(command, database, tmp_path, environ):
    (tmp_path / "providers.toml").write_text(PROVIDERS)
    environ["PARVIS_SIGN_IN_PROVIDERS"] = str(tmp_path / "providers.toml")
    assert command("people", "add", *LEA).returncode == 0
    to_lea = ("people", "link", "lea@ville.example", "--subject", "8f6a", "--provider")
    assert "the settings have no provider 'mrc'; choose one of ville" in command(*to_lea, "mrc").stderr
    assert (
        "there is no account max@ville.example"
        in command("people", "link", "max@ville.example", *to_lea[3:], "ville").stderr
    )
    assert command(*to_lea, "ville").returncode == 0
    assert "8f6a comes in as an account already" in command(*to_lea, "ville").stderr
    with sqlite3.connect(database) as rows:
        assert rows.execute("SELECT provider, subject FROM outside_account").fetchall() == [("ville", "8f6a")]
    rows.close()


def test_it_stands_among_the_commands_about_people(command):
    assert "link" in command("people", "--help").stdout
