"""The standard consent texts; each entry of the consent log keeps its text and version.

They apply to clinics that have written none of their own (ConsentTemplate).
"""

VERSION = "standard 1"
# After how many days a grant ends, unless the clinic's own text says otherwise.
VALID_DAYS = {"psychotherapy_notes": 180, "private_events": 180}
TEXTS = {
    "treatment": (
        "Your therapist would like to treat you. You have talked about what the treatment is for, how it works, what "
        "may be hard about it and what else could help. You may ask anything at any time, and you can stop the "
        "treatment whenever you wish."
    ),
    "hipaa_notice": (
        "Your clinic has given you its notice of privacy practices. It explains how information about your health may "
        "be used and given to others, and which rights you have. By agreeing you only say that you received the "
        "notice; you keep every right that it describes."
    ),
    "data_processing": (
        "Your clinic keeps a record of your treatment in this system: who you are, how to reach you, and what your "
        "therapist needs to treat you well. It is kept encrypted, only the people who treat you can read it, and you "
        "can see who did. You may ask for a copy or for corrections at any time."
    ),
    "data_sharing": (
        "Your therapist may talk about your treatment with other professionals who take part in it, such as your "
        "doctor, and give them only what they need for it. You can say no, you can say who should be left out, and you "
        "can change your mind at any time."
    ),
    "communication": (
        "Your clinic may write to you or call you about your appointments and your account, at the address and number "
        "that you gave. Letters and messages say nothing about your treatment. You can say no, and you can change your "
        "mind at any time."
    ),
    "recording": (
        "Your therapist would like to make an audio recording of your sessions. The recording is kept private, only "
        "the people who treat you can listen to it, and it is used for nothing but your own record. You can say no, "
        "and you can change your mind at any time, without any effect on your treatment."
    ),
    "ai_processing": (
        "Software, which may include an outside service that your clinic has chosen, writes a transcript of the "
        "recording and drafts notes from it. Your therapist checks the drafts; no decision about you is made by "
        "software, and you see nothing that your therapist did not approve. You can say no to this, and you can change "
        "your mind at any time, without any effect on your treatment."
    ),
    "research": (
        "Your clinic may use what it learned from your treatment for research, without your name and without anything "
        "that points to you. You can say no, and you can change your mind at any time, without any effect on your "
        "treatment."
    ),
    "telehealth": (
        "You may meet your therapist by video or telephone. A connection can break or sound bad, and it is up to both "
        "of you to be where nobody else listens. Please tell your therapist where you are, so that help can reach you "
        "in an emergency. You can always ask to meet in person instead."
    ),
    "billing": (
        "Your clinic may send what is needed for payment, such as the dates of your sessions and a diagnosis if one is "
        "required, to your insurer or whoever else pays. You can say no and pay yourself, and you can change your mind "
        "for the sessions to come."
    ),
    "treatment_plan": (
        "Your therapist has talked with you about the plan for your treatment: what you want to work on, how you will "
        "do it, how often you will meet and when you will look at it together again. By agreeing you say that this "
        "plan is yours too. You can ask for changes, and you can change your mind at any time."
    ),
    "psychotherapy_notes": (
        "Your therapist keeps private notes about your sessions apart from your record. They are not given to anyone, "
        "not even with your record, unless you agree here. By agreeing you allow your therapist to include their own "
        "private notes in a copy of your record that is made for a person or place you have talked about, for the "
        "purpose you have talked about. Whoever receives them may not be bound by the same rules. This permission ends "
        "after 180 days. You can say no, and you can withdraw it at any time by telling your therapist, for whatever "
        "has not been given yet; your treatment does not depend on it."
    ),
    "private_events": (
        "Your timeline has entries that only your therapists see. They are left out of every copy of your record "
        "unless you agree here. By agreeing you allow your therapist to include them in a copy that is made for a "
        "person or place you have talked about, for the purpose you have talked about. Whoever receives them may not "
        "be bound by the same rules. This permission ends after 180 days. You can say no, and you can withdraw it at "
        "any time by telling your therapist, for whatever has not been given yet; your treatment does not depend on it."
    ),
}
