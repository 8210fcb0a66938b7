"""Background work for the audit trail."""

from celery import shared_task

from audit.services import chain

watch = chain.Watch()  # of this process


@shared_task(name="audit.tasks.build_chain")
def build_chain(everything: bool = False) -> int:
    """Chain waiting events; returns how many."""
    return chain.build_chain(everything=True) if everything else watch.build_chain()
