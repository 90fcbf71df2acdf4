"""Ids of a recording and of a live run."""

from __future__ import annotations

from claude_code_sdk.cassettes.ids import IdMap

RECORDED = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
LIVE = "99999999-9999-4999-8999-999999999999"


def ids_of_a_cli_that_minted(*minted: str) -> IdMap:
    return IdMap(lambda value: value in minted)


def test_equal_texts_are_the_same() -> None:
    assert ids_of_a_cli_that_minted().same_text("say hi", "say hi")


def test_different_texts_are_not() -> None:
    assert not ids_of_a_cli_that_minted(RECORDED).same_text("say hi", "say ho")


def test_an_id_of_the_recorded_cli_may_be_another_one_in_the_live_run() -> None:
    ids = ids_of_a_cli_that_minted(RECORDED)
    assert ids.same_text(f"resume {RECORDED}, please", f"resume {LIVE}, please")
    ids.commit()
    assert ids.to_live(b'{"session_id":"%b"}' % RECORDED.encode()) == b'{"session_id":"%b"}' % LIVE.encode()


def test_an_id_that_the_program_chose_must_stay() -> None:
    assert not ids_of_a_cli_that_minted().same_text(RECORDED, LIVE)


def test_two_ids_of_the_recording_are_never_taken_for_each_other() -> None:
    assert not ids_of_a_cli_that_minted(RECORDED, OTHER).same_text(RECORDED, OTHER)


def test_ids_map_one_to_one() -> None:
    ids = ids_of_a_cli_that_minted(RECORDED, OTHER)
    assert ids.same_text(RECORDED, LIVE)
    assert not ids.same_text(OTHER, LIVE)
    assert not ids.same_text(RECORDED, RECORDED)
    assert ids.same_text(RECORDED, LIVE)


def test_a_discarded_comparison_leaves_no_pair_behind() -> None:
    ids = ids_of_a_cli_that_minted(RECORDED, OTHER)
    assert ids.same_text(RECORDED, LIVE)
    ids.discard()
    assert not ids.active
    assert ids.same_text(OTHER, LIVE)


def test_a_text_with_more_ids_is_another_text() -> None:
    ids = ids_of_a_cli_that_minted(RECORDED)
    assert not ids.same_text(RECORDED, f"{LIVE} {LIVE}")
    assert not ids.active


def test_frames_that_stand_for_each_other_pair_their_ids() -> None:
    ids = ids_of_a_cli_that_minted(RECORDED)
    recorded = {"session_id": RECORDED, "n": 1, "blocks": [{"id": "toolu_1"}, {"id": "msg_1"}], "more": "x"}
    ids.adopt(recorded, {"session_id": LIVE, "n": 2, "blocks": [{"id": "toolu_9"}], "more": None})
    assert ids.to_live(f"{RECORDED} toolu_1 msg_1".encode()) == f"{LIVE} toolu_9 msg_1".encode()


def test_ids_of_requests_are_apart_from_all_others() -> None:
    ids = ids_of_a_cli_that_minted()
    ids.bind_request("req_1_ab", "req_1")
    assert ids.live_request("req_1_ab") == "req_1"
    assert ids.live_request("req_2_cd") == "req_2_cd"
    assert ids.to_live(b"req_1_ab") == b"req_1_ab"
