"""Checks of our own for .ci/schemathesis."""

import schemathesis

# Codes that say "this breaks the document"; every other 4xx is a rule of the company.
DOCUMENT = {"datos-invalidos", "json-invalido", "peticion-invalida", "tipo-no-soportado", "cuerpo-excesivo"}


# Rules of the document's descriptions that no schema can express: which characters a text may hold, and the form of
# a telephone number.
TEXTS = {
    "holds a control, direction or zero-width character",
    "is not Unicode text",
    "must be one line without tabs",
    "is blank",
    "is not a telephone number",
}


@schemathesis.check
def documented_data_is_taken(ctx, response, case):
    """A request that the document allows is never refused as breaking the document."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code < 400:
        return
    problem = response.json()
    if problem.get("errors") and all(e["message"] in TEXTS for e in problem["errors"]):
        return
    refused = problem.get("errors") or problem["code"]
    assert problem["code"] not in DOCUMENT, f"allowed by the document, refused: {refused}"


@schemathesis.check
def problems_are_whole(ctx, response, case):
    """A problem has its status, the request's id and the members by which a client decides its next step."""
    headers = {k.lower(): v for k, v in response.headers.items()}
    assert "x-request-id" in headers, "no X-Request-Id"
    if response.status_code < 400:
        return
    problem = response.json()
    assert problem["status"] == response.status_code, "status in the body is another"
    assert [problem["solicitud"]] == headers["x-request-id"], "solicitud is not X-Request-Id"
    if response.status_code in (429, 503):
        assert "retry-after" in headers, "no Retry-After"
    if response.status_code == 401:
        assert "www-authenticate" in headers, "no WWW-Authenticate"
