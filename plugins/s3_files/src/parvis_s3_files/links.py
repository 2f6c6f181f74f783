"""Presigned S3 addresses: the holder of one downloads a file from the bucket for a short time."""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlsplit

from parvis_s3_files.settings import Settings

UNRESERVED = "-_.~"
SCHEME, SIGNED = "AWS4-HMAC-SHA256", "host"


def link(settings: Settings, key: str, name: str, kind: str, now: datetime) -> str:
    """The address of one object, saved under a name and shown nowhere; no copy of it is kept on the way."""
    place = urlsplit(settings.link_endpoint or settings.endpoint or f"https://s3.{settings.region}.amazonaws.com")
    parts = (place.path.strip("/"), settings.bucket, settings.prefix.strip("/"), key)
    path = quote("/" + "/".join(part for part in parts if part), safe=f"/{UNRESERVED}")
    said = {
        "response-cache-control": "private, no-store",
        "response-content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "response-content-type": kind,
    }
    query = signed_query(settings, place.netloc, path, said, settings.link_seconds, now)
    return f"{place.scheme}://{place.netloc}{path}?{query}"


def signed_query(settings: Settings, host: str, path: str, more: dict[str, str], seconds: int, now: datetime) -> str:
    """The query of a GET that is good for so many seconds (Signature Version 4, in the query)."""
    at, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    scope = f"{day}/{settings.region}/s3/aws4_request"
    given = more | {
        "X-Amz-Algorithm": SCHEME,
        "X-Amz-Credential": f"{settings.access_key}/{scope}",
        "X-Amz-Date": at,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": SIGNED,
    }
    query = "&".join(f"{name}={quote(value, safe=UNRESERVED)}" for name, value in sorted(given.items()))
    asked = "\n".join(("GET", path, query, f"host:{host}\n", SIGNED, "UNSIGNED-PAYLOAD"))
    words = "\n".join((SCHEME, at, scope, hashlib.sha256(asked.encode()).hexdigest()))
    key = f"AWS4{settings.secret_key}".encode()
    for each in (day, settings.region, "s3", "aws4_request"):
        key = hmac.new(key, each.encode(), hashlib.sha256).digest()
    return f"{query}&X-Amz-Signature={hmac.new(key, words.encode(), hashlib.sha256).hexdigest()}"
