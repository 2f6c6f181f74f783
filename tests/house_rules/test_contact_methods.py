"""No page, message or rule asks which channel it is: what a channel does is said by its contact method, as data."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
HOW_IT_CAME = {
    "sdk/src/parvis_sdk/contact_methods.py",  # where the built-in ones are declared
    "sdk/src/parvis_sdk/requests.py",  # how a request came in, which is another thing
    "core/src/parvis/web/value_names.py",
    "core/src/parvis/requests/town_names.py",
}


def test_no_text_message_is_meant_by_the_name_of_its_channel():
    sources = [*ROOT.glob("sdk/src/**/*.py"), *ROOT.glob("core/src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]
    pages = [*ROOT.glob("core/src/**/*.html"), *ROOT.glob("plugins/*/src/**/*.html")]
    found = {str(path.relative_to(ROOT)) for path in (*sources, *pages) if '"sms"' in path.read_text()}
    assert found == HOW_IT_CAME
