"""What a client generated from our description of the API does: `python generated_client.py FOLDER ADDRESS TOKEN`.

The package `parvis_client` lies in the folder. A photo is sent, a request filed that names it, read by token and by
key, moved, found in a list; the photo is loaded. What the answers were, typed, is printed as one JSON object.
"""

import json
import sys
from datetime import datetime
from io import BytesIO
from typing import Any

PHOTO = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx"
    b"\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


def main(address: str, token: str) -> dict[str, Any]:
    from parvis_client import AuthenticatedClient, Client  # type: ignore[import-not-found]
    from parvis_client.api.files import download_file, upload_file  # type: ignore[import-not-found]
    from parvis_client.api.request_types import list_request_types  # type: ignore[import-not-found]
    from parvis_client.api.requests import (  # type: ignore[import-not-found]
        file_request,
        list_requests,
        move_request,
        show_request,
    )
    from parvis_client.models import (  # type: ignore[import-not-found]
        NewMove,
        NewMoveAnswers,
        NewRequest,
        NewRequestAnswers,
        PlaceIn,
        RequesterIn,
        UploadFileBody,
    )
    from parvis_client.types import File  # type: ignore[import-not-found]

    town = f"{address}/api/v1"
    anybody, machine = Client(base_url=town), AuthenticatedClient(base_url=town, token=token)
    photo = File(payload=BytesIO(PHOTO), file_name="trou.png", mime_type="image/png")
    sent = upload_file.sync(client=anybody, body=UploadFileBody(file=photo))
    asked = NewRequest(
        type_="pothole",
        answers=NewRequestAnswers.from_dict({"size": "large", "surface": "lane", "danger": True, "photos": [sent.id]}),
        place=PlaceIn(lon=-73.5817, lat=45.5229, address="4563, rue Saint-Urbain"),
        requester=RequesterIn(mode="named", name="Marie Tremblay", email="marie@exemple.com"),
        upload=sent.upload,
    )
    receipt = file_request.sync(client=anybody, body=asked)
    own = show_request.sync(receipt.reference, client=anybody, key=receipt.key)
    whole = show_request.sync(receipt.reference, client=machine)
    move = NewMove(
        transition="plan", answers=NewMoveAnswers.from_dict({"planned_on": "2030-12-02"}), version=whole.version
    )
    moved = move_request.sync(receipt.reference, client=machine, body=move)
    stale = move_request.sync(receipt.reference, client=machine, body=move)
    loaded = download_file.sync(own.files[0].id, client=anybody, key=receipt.key)
    listed = list_requests.sync(client=machine, phase="in_progress", limit=10)
    wrong = file_request.sync(client=anybody, body=NewRequest(type_="pothole", answers=NewRequestAnswers()))
    return {
        "types": [each.code for each in list_request_types.sync(client=anybody).items],
        "is_dated": isinstance(own.submitted_at, datetime) and own.submitted_at.tzinfo is not None,
        "answers": whole.answers["size"],
        "moved": [moved.state, moved.version - whole.version, moved.phase],
        "stale": [stale.status, stale.errors[0].path],
        "loaded": loaded.payload.read(8).hex(),
        "listed": [each.reference == receipt.reference for each in listed.items],
        "wrong": sorted(each.path for each in wrong.errors),
    }


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    sys.stdout.write(json.dumps(main(*sys.argv[2:])))
