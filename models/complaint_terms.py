"""The words of the trade: the closed lists that models, views and reports share."""

# Who reads the inside of a file. Others who see the ticket see no more than its dates.
FILE_GROUPS = (
    "helpdesk_complaint.group_complaint_user,helpdesk_complaint.group_complaint_auditor"
)

STATES = [
    ("to_qualify", "To qualify"),
    ("not_complaint", "Not a complaint"),
    ("in_progress", "In progress"),
    ("answered", "Answered"),
    ("closed", "Closed"),
    ("archived", "Archived"),
    ("erased", "Erased"),
]
# States in which the file can still change its deadlines.
LIVE_STATES = ("to_qualify", "in_progress", "answered")

SEVERITIES = [("1", "Minor"), ("2", "Serious"), ("3", "Critical")]
MEDIA = [("oral", "Oral"), ("written", "Written")]

STEPS = [
    ("complain", "Time to complain"),
    ("qualify", "Qualify"),
    ("acknowledge", "Acknowledge"),
    ("inform", "Keep informed"),
    ("respond", "Answer"),
    ("accept", "Acceptance window"),
    ("refer", "Recourse window"),
    ("act", "Corrective action"),
]
# Steps whose time runs for the complainant: nobody in the company is late on them.
COMPLAINANT_STEPS = ("complain", "accept", "refer")

UNITS = [
    ("hour", "hours"),
    ("day", "days"),
    ("business_day", "working days"),
    ("week", "weeks"),
    ("month", "months"),
    ("year", "years"),
]
KEEPING_UNITS = [unit for unit in UNITS if unit[0] not in ("hour", "business_day")]
ROLLS = [
    ("none", "not moved"),
    ("next", "moved to the next working day"),
    ("previous", "moved back to the previous working day"),
]
START_EVENTS = [
    ("event", "the event complained of"),
    ("known", "the complainant knew of it"),
    ("sent", "the complaint was sent"),
    ("sent_written", "the first written complaint was sent"),
    ("received", "the complaint was received"),
    ("registered", "the complaint was registered"),
    ("acknowledged", "the acknowledgement was sent"),
    ("investigated", "the investigation ended"),
    ("answered", "the reply was sent"),
    ("silence", "the answer fell due without an answer"),
    ("escalated", "the complaint was escalated"),
    ("referred", "the matter was referred to a recourse body"),
]
# What ends one cycle and belongs to the next: a contest starts these clocks again.
FIRST_CYCLE_EVENTS = ("sent", "sent_written", "received", "registered")
COMPLAINANT_TYPES = [
    ("consumer", "Consumer"),
    ("professional", "Professional or company"),
    ("association", "Association"),
    ("public", "Public body"),
]
EXTENSIONS = [
    ("none", "cannot be extended"),
    ("free", "to a new date, promised to the complainant"),
    ("ceiling", "up to a length counted from the same start"),
    ("add", "by a further length"),
    ("agreement", "to a date agreed with the complainant before expiry"),
]
SILENCE_EFFECTS = [
    ("breach", "a promise is broken, nothing more"),
    ("recourse_opens", "the recourse opens"),
    ("deemed_accepted", "the complaint is deemed accepted"),
    ("deemed_rejected", "the complaint is deemed rejected"),
]
RECOURSE_RULES = [
    ("all", "every time limit must be kept"),
    ("any", "one of the time limits is enough"),
    ("earliest", "the earliest time limit ends it"),
]
TARGETS = [("legal", "Promise to the complainant"), ("internal", "Internal target")]
CONFIDENCES = [
    ("verified", "Read in the text itself"),
    ("secondary", "Read in a secondary source"),
    ("to_verify", "To verify"),
]
FORCES = [
    ("law", "Law or binding rule"),
    ("guideline", "Recommendation"),
    ("house", "House procedure"),
]

DEADLINE_STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Met in time"),
    ("late", "Met late"),
    ("waived", "Not needed"),
    ("cancelled", "Cancelled"),
]
# States in which a promise is still to be kept.
OPEN_STATES = ("running", "paused")

LETTER_CODES = [
    ("acknowledge", "Acknowledgement"),
    ("invite_to_write", "Invitation to write"),
    ("request_information", "Request for information"),
    ("inform", "Progress report"),
    ("holding", "Holding letter"),
    ("favourable", "Favourable reply"),
    ("partial", "Partly favourable reply"),
    ("rejection", "Rejection"),
    ("not_complaint", "Not a complaint"),
    ("closure", "Closing letter"),
    ("mediator_file", "File for the mediator"),
]
LETTER_STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("sent", "Sent"),
]
# The letter that answers, by what it grants.
REPLY_CODES = ("favourable", "partial", "rejection")
# A refusal, even partial, must name the recourse.
REFUSAL_CODES = ("partial", "rejection")

# Which letters two people sign for: who wrote them and who approves them.
TWO_PEOPLE = [
    ("never", "Never"),
    ("refusal", "Refusals, even partial"),
    ("reply", "Every final reply"),
    ("every", "Every letter"),
]

OUTCOMES = [
    ("upheld", "Upheld"),
    ("partly_upheld", "Partly upheld"),
    ("rejected", "Rejected"),
    ("goodwill_without_admission", "Goodwill gesture without admission"),
    ("withdrawn", "Withdrawn"),
    ("not_admissible", "Not admissible"),
    ("transferred", "Transferred"),
    ("deemed_accepted", "Deemed accepted"),
    ("deemed_rejected", "Deemed rejected"),
]
# Which reply may carry which outcome.
REPLY_OUTCOMES = {
    "favourable": ("upheld", "goodwill_without_admission", "deemed_accepted"),
    "partial": ("partly_upheld", "goodwill_without_admission"),
    "rejection": ("rejected", "not_admissible", "deemed_rejected"),
}
# Outcomes that refuse something: their reply names the recourse.
OUTCOMES_REFUSING = ("partly_upheld", "rejected", "not_admissible", "deemed_rejected")
# Outcomes that end a file without a reply on the merits.
OUTCOMES_WITHOUT_REPLY = ("withdrawn", "transferred")
# Outcomes that admit a fault: its cause must be known before closing.
OUTCOMES_WITH_CAUSE = ("upheld", "partly_upheld")

LEVELS = [
    ("handler", "Handler"),
    ("leader", "Team leader"),
    ("manager", "Complaint manager"),
    ("officer", "Compliance officer"),
]

# What a person needs an authority for.
ACTS = [
    ("qualify", "Qualify complaints"),
    ("sign", "Sign letters"),
    ("grant", "Grant redress"),
]
