"""What may come in at all: sizes, ids and signs; and files that are served under their names only."""

import pytest

from assoc_intranet.core.incoming import LARGEST_ID


@pytest.mark.parametrize("number", [0, LARGEST_ID, LARGEST_ID + 1, 2**63, 10**400])
def test_an_id_no_row_can_have_leads_nowhere(as_, bruno, number):
    browser = as_(bruno)
    assert browser.get(f"/posts/{number}").status_code == 404
    assert browser.post(f"/posts/{number}/state").status_code == 404


def test_nul_is_refused_wherever_it_stands(client, association):
    assert client.get("/login?next=%00").status_code == 400
    assert client.get("/calendar/%00").status_code == 400
    assert client.post("/login", data={"email": "a\0b"}).status_code == 400
    assert client.post("/login", data={"e\0mail": "x"}).status_code == 400


def test_too_much_is_413_before_anything_is_read(app, client, association):
    assert client.post("/login", data=b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1)).status_code == 413


def test_a_field_that_is_too_long_is_413(app, client, association):
    head = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n'
    body = head + b"x" * (app.config["MAX_FORM_MEMORY_SIZE"] + 1) + b"\r\n--x--\r\n"
    assert client.post("/login", data=body, content_type="multipart/form-data; boundary=x").status_code == 413


@pytest.mark.parametrize(
    "name",
    [
        "../app.py",
        "../../etc/passwd",
        "css/../../app.py",
        "css",
        "",
        "css/%00.css",
        "x" * 5000,
        ".",
        "nowhere.css",
        "//etc/passwd",
    ],
)
def test_nothing_but_static_files_is_served(client, association, name):
    assert client.get(f"/static/abc/{name}").status_code in (308, 400, 404)


def test_a_file_under_its_digest_is_kept_for_ever(app, client):
    with app.test_request_context("/"):
        address = app.jinja_env.globals["static_url"]("css/app.css")
    answer = client.get(address)
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_file_under_an_old_digest_is_not_kept(client):
    answer = client.get("/static/000000000000/css/app.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_files_are_compressed_for_who_can_read_it(client):
    def coding(offered):
        return client.get("/static/x/css/app.css", headers={"Accept-Encoding": offered}).headers.get("Content-Encoding")

    assert coding("br, gzip") == "br"
    assert coding("gzip") == "gzip"
    assert coding("br;q=0, gzip") == "gzip"
    assert coding("identity") is None
    assert client.get("/static/x/favicon.svg", headers={"Accept-Encoding": "br"}).mimetype == "image/svg+xml"
