"""Cookies of a browser: copied, set in another, and left behind after signing out."""

import re


def copied(browser):
    """Every cookie of a browser with its path, as somebody could copy from a shared computer."""
    return [(cookie.name, cookie.value, cookie.path) for cookie in browser.http.cookies.jar]


def with_cookies(browser, cookies):
    for name, value, path in cookies:
        browser.http.cookies.set(name, value, domain="127.0.0.1", path=path)
    return browser


async def quit_on(browser):
    actions = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', browser.page.text)
    await browser.send(form=next(n for n, action in enumerate(actions) if action.endswith("/quitter-cet-appareil")))
