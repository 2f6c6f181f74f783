"""The judgement of OAuth 2.0 (RFC 6749 §4.4, RFC 7009) by Authlib, over one client that was read before it is asked."""

import hmac
from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientCredentialsGrant, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint

from parvis.people.tokens import MachineToken, digest_of
from parvis_api_access.clients import SecretLife

METHODS = ["client_secret_basic", "client_secret_post"]
GRANT = "client_credentials"
LASTS = 3600  # seconds of an access token


class Client(ClientMixin):  # type: ignore[misc]
    """A client with its valid secrets; one that nobody knows has none, and fails in the same words."""

    def __init__(self, token: MachineToken | None, known: tuple[SecretLife, ...]) -> None:
        self.token = token
        self.known = known
        self.used: SecretLife | None = None

    def check_client_secret(self, client_secret: str) -> bool:
        given = digest_of(client_secret)
        matching = [each for each in self.known if hmac.compare_digest(each.digest, given)]
        self.used = matching[0] if matching else None
        return bool(matching)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == GRANT


class FormRequest(OAuth2Request):  # type: ignore[misc]
    """What was sent, as Authlib reads it."""

    def __init__(self, uri: str, form: Mapping[str, str], headers: Mapping[str, str]) -> None:
        super().__init__("POST", uri, headers=headers)
        self._form = dict(form)
        self.payload = BasicOAuth2Payload(self._form)

    @property
    def form(self) -> dict[str, str]:
        return self._form


class Verdict(tuple[int, Any, list[tuple[str, str]]]):
    """Status, body and headers of an answer."""

    __slots__ = ()


class ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]
    """The one grant that is offered."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """A client ends an access token; one that is unknown, or of another client, is answered in the same way."""

    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> None:
        """Whose it is, and ending it, waits for the database: the caller does it once the client is believed."""

    def check_params(self, request: OAuth2Request, client: ClientMixin) -> None:
        """A token must be named; a hint of its type that is not known is ignored, as the standard says (§2.1)."""
        if "token" not in request.form:
            raise InvalidRequestError("Name the `token`.")


class Server(AuthorizationServer):  # type: ignore[misc]
    """Judges one call of one client; nothing is kept here."""

    def __init__(self, client: Client) -> None:
        scopes = client.token.scopes if client.token else ()
        super().__init__(scopes_supported=list(scopes))
        self.client = client
        self.register_grant(ClientCredentials)
        self.register_endpoint(Revocation)
        self.register_token_generator("default", _promised)

    def query_client(self, client_id: str) -> Client:
        return self.client

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """The caller writes it, and puts it in the answer."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: FormRequest) -> FormRequest:
        return request

    def validate_requested_scope(self, scope: str | None) -> None:
        wanted = {*(scope or "").split()}
        if scope and not (wanted and wanted <= {*self.scopes_supported}):
            raise InvalidScopeError("The client may not have one of these scopes.")

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Verdict:
        return Verdict((status, body, headers))


def _promised(*, client: Client, scope: str | None, **_: Any) -> dict[str, Any]:
    """The answer without its token: all scopes of the client where none is asked for."""
    wanted = scope.split() if scope else (client.token.scopes if client.token else ())
    told = " ".join(dict.fromkeys(wanted))
    return {"access_token": "", "token_type": "Bearer", "expires_in": LASTS, "scope": told}
