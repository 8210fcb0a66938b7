"""Whether work may go on, asked anew at every stage and before every call, not only when it is queued."""

from accounts.care.access import is_treated_by
from accounts.consent.services.decisions import require_recording_consent
from accounts.models import User
from sessions_app.models import ProcessingJob
from therapybridge.core.errors import Forbidden


class AccessEnded(Forbidden):
    """Whoever asked for the work no longer treats the patient, or was deactivated."""

    code = "access_ended"
    title = (
        "The therapist who started this no longer treats the patient. Another therapist of the patient may try again."
    )


def require_permission(job: ProcessingJob) -> None:
    """Pass while the patient consents and whoever asked for the work still treats the patient.

    Raises ConsentRequired or AccessEnded, also when whoever asked is not known any more. A retry by another therapist
    of the patient puts the work under their right.
    """
    require_recording_consent(job.session.patient)
    # By the row of now: the job may have been loaded long ago.
    requester = User.objects.filter(pk=job.requested_by_id).first()
    if not is_treated_by(requester, job.session.patient_id):
        raise AccessEnded
