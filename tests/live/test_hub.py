"""Who listens: what they get, what they missed, and how they are let go."""

from assoc_intranet.live.hub import BYE, QUEUE, RESYNC, RING, RING_CHARACTERS, Batch, Hub, Subscriber


def batch(number, topic="members", html="<p>x</p>", **different):
    return Batch(number, ((topic, "fr", html),), **different)


def listener(hub, *topics, since=0, language="fr", member=1):
    subscriber = Subscriber(member, 1, frozenset(topics or {"members"}), language)
    hub.join(subscriber, since)
    return subscriber


def test_a_frame_goes_to_its_audience_only():
    hub = Hub(10)
    member, observer = listener(hub, "members"), listener(hub, "observers")
    hub.deliver(batch(1))
    assert list(member.queue) == [b"id: 1\ndata: <p>x</p>\n\n"]
    assert not observer.queue


def test_each_language_gets_its_own_words():
    hub = Hub(10)
    french, english = listener(hub), listener(hub, language="en")
    hub.deliver(Batch(1, (("members", "fr", "oui"), ("members", "en", "yes"))))
    assert b"oui" in french.queue[0]
    assert b"yes" in english.queue[0]


def test_html_over_several_lines_is_one_event():
    hub = Hub(10)
    member = listener(hub)
    hub.deliver(batch(1, html="<p>\n  a\r\nb</p>"))
    assert member.queue[0] == b"id: 1\ndata: <p>\ndata:   a\ndata: b</p>\n\n"


def test_who_was_away_gets_what_they_missed():
    hub = Hub(10)
    for number in (1, 2, 3):
        hub.deliver(batch(number, html=str(number)))
    late = listener(hub, since=1)
    assert [frame.split(b"\n")[0] for frame in late.queue] == [b"id: 2", b"id: 3"]


def test_who_was_away_too_long_reads_the_page_again():
    hub = Hub(10)
    for number in range(1, RING + 3):
        hub.deliver(batch(number))
    assert list(listener(hub, since=1).queue) == [RESYNC]
    assert RESYNC not in listener(hub, since=RING).queue


def test_large_changes_are_remembered_as_far_as_there_is_room():
    hub = Hub(10)
    present = listener(hub)
    for number in (1, 2, 3):
        hub.deliver(batch(number, html="x" * (RING_CHARACTERS // 2)))
    assert len(present.queue) == 3
    assert list(listener(hub, since=0).queue) == [RESYNC]
    assert len(listener(hub, since=1).queue) == 2


def test_a_restarted_server_sends_who_comes_back_to_the_page():
    hub = Hub(10)
    hub.start(40)
    assert list(listener(hub, since=39).queue) == [RESYNC]
    assert not listener(hub, since=40).queue


def test_what_was_not_rendered_in_a_language_cannot_be_given_later():
    hub = Hub(10)
    hub.deliver(batch(1, missing=frozenset({("members", "en")})))
    assert not listener(hub, "observers", since=0, language="en").queue
    assert list(listener(hub, since=0, language="en").queue) == [RESYNC]


def test_who_does_not_read_is_dropped_and_told():
    hub = Hub(10)
    stuck = listener(hub)
    for number in range(1, QUEUE + 2):
        hub.deliver(batch(number))
    assert stuck.closed
    assert list(stuck.queue) == [RESYNC]


def test_losing_every_right_ends_the_stream():
    hub = Hub(10)
    gone, other = listener(hub, member=1), listener(hub, member=2)
    hub.regrant(lambda _subscriber: None, [1])
    assert gone.closed
    assert gone.queue[-1] == BYE % b"out"
    assert not other.closed


def test_new_rights_count_from_the_next_frame_on():
    hub = Hub(10)
    demoted = listener(hub, "members")
    hub.regrant(lambda _subscriber: frozenset({"observers"}), [1])
    hub.deliver(batch(1))
    assert not demoted.queue


def test_a_full_hub_says_so():
    hub = Hub(1)
    first = listener(hub)
    assert hub.is_full
    hub.leave(first)
    assert not hub.is_full


def test_who_should_have_seen_what_failed_reads_the_page_again():
    hub = Hub(10)
    member, observer = listener(hub, "members"), listener(hub, "observers")
    hub.deliver(batch(1, failed=frozenset({"members"})))
    assert list(member.queue) == [RESYNC]
    assert not observer.queue
