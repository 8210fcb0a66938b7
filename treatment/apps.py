"""The treatment app: plans, goals, tracking, questionnaires, and what ties notes to goals."""

from django.apps import AppConfig


class TreatmentConfig(AppConfig):
    """Treatment plans and what is measured."""

    name = "treatment"
    verbose_name = "Treatment"

    def ready(self) -> None:
        """Declare the audit actions and connect the receivers."""
        import treatment.goals.audit_actions
        import treatment.goals.navigation
        import treatment.goals.receivers
        import treatment.measures.audit_actions
        import treatment.measures.services.risk
        import treatment.patient_forms.audit_actions
        import treatment.plans.audit_actions
        import treatment.plans.navigation
        import treatment.plans.receivers
        import treatment.reports.audit_actions
        import treatment.thread.audit_actions
        import treatment.thread.navigation
        import treatment.tracking.audit_actions
        import treatment.tracking.navigation
        import treatment.tracking.services.notes  # noqa: F401
