"""GET /live: who may listen, and what every stream begins and ends with."""

from itertools import islice


def test_diego_is_told_to_stop_asking(client):
    answer = client.get("/live")
    assert answer.status_code == 200
    assert answer.mimetype == "text/event-stream"
    assert "event: bye" in answer.text


def test_a_member_is_welcomed(as_, bruno):
    answer = as_(bruno).get("/live")
    assert answer.mimetype == "text/event-stream"
    assert next(iter(answer.response)) == b": welcome\n\n"
    answer.close()


def test_above_the_cap_the_page_is_told_to_ask_from_time_to_time(app, as_, bruno, monkeypatch):
    monkeypatch.setattr(app.extensions["hub"], "cap", 0)
    answer = as_(bruno).get("/live")
    assert "data: full" in answer.text


def test_the_stream_sets_no_cookie_and_is_not_compressed(as_, bruno):
    answer = as_(bruno).get("/live", headers={"Accept-Encoding": "br, gzip"})
    assert "Set-Cookie" not in answer.headers
    assert "Content-Encoding" not in answer.headers
    answer.close()


def test_a_strange_place_to_begin_is_the_beginning(app, as_, bruno):
    for since in ("-1", "abc", "9" * 40, "１２"):
        answer = as_(bruno).get(f"/live?since={since}")
        assert list(islice(answer.response, 1)) == [b": welcome\n\n"]
        answer.close()
