"""The page for opening a request at the desk, used without scripts."""

import re

NEW = "/bureau/nouvelle"
RACHEL = {"place.address": "1234, rue Rachel Est", "place.lon": "-73.5807", "place.lat": "45.5236"}


def fields(page) -> dict[str, str]:
    """The values that the form of the page sends from a browser without scripts."""
    form = re.search(r"(?s)<form action=\"/bureau/nouvelle\".*?</form>", page.text)[0]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if "name" in attributes and kind != "file" and (kind not in ("radio", "checkbox") or " checked" in tag):
            sent[attributes["name"]] = attributes.get("value", "").replace("&#39;", "'")
    sent |= dict(re.findall(r'(?s)<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form))
    for name, options in re.findall(r'(?s)<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        sent[name] = chosen[1]
    return sent


async def press(clerk, **pressed):
    """Fills in some boxes and presses one button."""
    typed = {name.replace("__", "."): value for name, value in pressed.items()}
    clerk.page = await clerk.http.post(NEW, data={**fields(clerk.page), **typed})
    return clerk.page
