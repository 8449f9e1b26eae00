"""What our own checklist must have beyond what any checklist must."""

from __future__ import annotations

import re

import pytest

from checklist.load import load
from checklist.model import Checklist, Priority, Verdict
from tests.conftest import ROOT

ITEMS = {
    "broker": """
        production-broker redelivery-deadline redis-persistence-and-eviction
        rabbitmq-quorum-queues lowercase-settings plan-for-broker-outage
    """,
    "task-design": """
        pass-ids-not-objects small-payloads idempotent-tasks atomic-side-effects
        chunk-large-fan-outs enqueue-after-commit recover-missed-work unique-task-names
        task-decorator-outermost base-task-class valid-task-options
    """,
    "retries": """
        retry-only-transient-errors raise-self-retry cap-retries backoff-with-jitter
        autoretry-for avoid-long-eta
    """,
    "delivery": """
        acks-late-for-critical-tasks reject-on-worker-lost dead-letter-failed-messages
    """,
    "limits": """
        time-limits io-timeouts worker-concurrency recycle-worker-processes pool-choice
        fork-safe-connections rate-limit-scope
    """,
    "queues": """
        separate-queues prefetch-multiplier declare-queues-explicitly
        transient-queues-caution
    """,
    "results": """
        ignore-unneeded-results result-expiry
    """,
    "workflows": """
        no-blocking-on-subtasks canvas-for-workflows chord-requirements
    """,
    "periodic": """
        single-beat periodic-overlap-lock periodic-expires explicit-timezone
    """,
    "security": """
        json-only-serializers broker-auth-and-tls no-secrets-in-args
    """,
    "monitoring": """
        task-logger trace-context failure-alerting queue-length-alerts flower-and-events
        healthcheck-semantics
    """,
    "testing": """
        test-without-eager integration-test-real-worker
    """,
    "deploy": """
        backward-compatible-signatures graceful-shutdown
    """,
}
"""All items by section, in order. Ids are permanent: ticks and links depend on them."""
ESSENTIAL = """
    production-broker redelivery-deadline pass-ids-not-objects idempotent-tasks
    enqueue-after-commit valid-task-options retry-only-transient-errors raise-self-retry
    cap-retries backoff-with-jitter acks-late-for-critical-tasks time-limits io-timeouts
    separate-queues prefetch-multiplier ignore-unneeded-results no-blocking-on-subtasks
    single-beat json-only-serializers broker-auth-and-tls failure-alerting
    queue-length-alerts test-without-eager backward-compatible-signatures graceful-shutdown
"""


@pytest.fixture(name="ours", scope="module")
def our_checklist() -> Checklist:
    checklist, problems = load(ROOT / "checklist/content/celery.yaml")
    assert not problems
    assert checklist
    return checklist


def test_the_sections_and_their_items_are_there_in_order(ours: Checklist) -> None:
    found = {section.id: [item.id for item in section.items] for section in ours.sections}
    assert found == {section: items.split() for section, items in ITEMS.items()}
    assert list(found) == list(ITEMS)
    assert len(list(ours.items)) == 59
    essential = [item.id for item in ours.items if item.priority is Priority.ESSENTIAL]
    assert essential == ESSENTIAL.split()


def test_every_item_says_why_and_how_and_where_to_read_on(ours: Checklist) -> None:
    for item in ours.items:
        assert item.why, item.id
        assert item.how, item.id
        assert item.docs, item.id
        assert item.updated, item.id
        for address in item.docs:
            assert address.url.startswith("https://docs.celeryq.dev/en/stable/"), item.id


def test_every_item_shows_the_mistake_and_its_cure(ours: Checklist) -> None:
    for item in ours.items:
        verdicts = {sample.verdict for sample in item.samples}
        assert verdicts == {Verdict.BAD, Verdict.GOOD}, item.id


def test_ten_items_come_first(ours: Checklist) -> None:
    assert sum(item.top for item in ours.items) == 10


def test_samples_fit_on_paper_and_define_what_they_use(ours: Checklist) -> None:
    for item in ours.items:
        for sample in item.samples:
            where = f"{item.id}/{sample.id}"
            assert max(map(len, sample.code.splitlines())) <= 79, where
            assert "..." not in sample.code, where
            if "@app." in sample.code:
                assert "app = Celery(" in sample.code or "import app" in sample.code, where


@pytest.mark.complete
def test_titles_are_instructions_in_the_register_of_each_language(ours: Checklist) -> None:
    for item in ours.items:
        korean, spanish = item.title.pick("ko").text, item.title.pick("es").text
        assert korean.endswith("세요"), korean
        assert not re.search(r"\b(tus?|tú|vosotros|vos)\b", spanish.lower()), spanish
        for language in ("en", "ko", "es"):
            assert not item.title.pick(language).text.endswith("."), item.id


def test_code_in_a_text_is_the_same_in_every_language(ours: Checklist) -> None:
    for text in ours.texts:
        spans = [sorted(re.findall(r"`[^`]+`", phrase.text)) for phrase in text.phrases.values()]
        # A code span may be broken at the end of a line; that is a space.
        spans = [[" ".join(span.split()) for span in each] for each in spans]
        assert all(each == spans[0] for each in spans), text.id


def test_resources_say_what_they_are(ours: Checklist) -> None:
    assert len(ours.resources) >= 10
    for resource in ours.resources:
        assert resource.about, resource.id
        assert resource.address.url.startswith("https://"), resource.id
