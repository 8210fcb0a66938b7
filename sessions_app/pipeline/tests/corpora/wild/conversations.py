# ruff: noqa: RUF001  other scripts
"""The words that were said, once; each shape dresses them in its own way."""

from sessions_app.pipeline.tests.corpora.wild.model import Conversation

SLEEP = Conversation(
    (
        "How has the week been since we last met?",
        "I barely slept, and on Tuesday I wanted to kill myself.",
        "Thank you for telling me. Is that thought here now?",
        "Less than it was. My sister stays with me at night.",
    ),
    risk=1,
)
TABLETS = Conversation(
    (
        "What did you do with the tablets?",
        "I kept them. I have been thinking about taking all of them.",
        "Who else knows that they are at home?",
        "Nobody. I told my brother they were gone.",
    ),
    risk=1,
)
SLEEVES = Conversation(
    (
        "You are wearing long sleeves today.",
        "I started cutting myself again after the phone call.",
        "What happened on the phone?",
        "My mother hung up, and I want to die when she does that.",
    ),
    risk=1,
)
BRIDGE = Conversation(
    (
        "Where did you go on Sunday evening?",
        "To the bridge. I stood there and planned to end my life.",
        "What made you walk home?",
        "A woman asked me for the time, and I started to cry.",
    ),
    risk=1,
)
SAID = Conversation(
    (
        "What did you tell your father?",
        "I said: leave me alone.",
        "And what is it like today?",
        "One thing: I do not want to be alive any more.",
    ),
    risk=3,
)
RULES = Conversation(
    (
        "How do the two of you stay in touch?",
        "My rule: never call first. The ratio is 3:1, and on the bad days I want to be dead.",
        "When could we speak about that?",
        "10:30 is fine, I am awake from 4:15 anyway.",
    ),
    risk=1,
)
LINKS = Conversation(
    (
        "Did you read the leaflet?",
        "https://example.org/help:now was broken, so I looked up how to kill myself instead.",
        "At 00:45:00 of the film, you said, somebody dies?",
        "Yes, I stopped at [00:45:00] and could not go on.",
    ),
    risk=1,
)
BRACKETS = Conversation(
    (
        "How much do you sleep?",
        "I sleep <3 hours, and <laughs> my will to live is < zero.",
        "And at the weekend?",
        "More than > 9, R&B on, AT&T off.",
    ),
    risk=1,
)
SCALE = Conversation(
    (
        "From 0 to 10, how strong is the wish to die?",
        "8",
        "And last week?",
        "3, but I had a plan to hang myself ready.",
    ),
    risk=3,
)
ONCE = Conversation(
    (
        "I am glad that you came.",
        "I took a razor blade and hurt myself on Friday.",
        "Thank you for trusting me with that.",
    ),
    risk=1,
    voices="tpt",
)
FAMILY = Conversation(
    (
        "What did you notice at home?",
        "She no longer comes down to eat.",
        "And how is it for you?",
        "I would rather be dead than sit at that table.",
    ),
    risk=3,
    voices="tmtp",
)
GERMAN = Conversation(
    (
        "Wie ist es Ihnen seit Dienstag ergangen?",
        "Ich war müde und wollte nicht mehr leben. Über die Brücke gehe ich nicht mehr.",
        "Haben Sie jemandem davon erzählt?",
        "Nur meiner Schwester. Sie schläft jetzt bei mir, größtenteils geht es.",
    ),
    risk=1,
)
FRENCH = Conversation(
    (
        "Comment s'est passée la semaine ?",
        "J'ai très peu dormi, et lundi j'ai pensé à me tuer.",
        "Est-ce que cette idée est encore là ?",
        "Un peu moins. Ma sœur est restée près de moi après le dîner.",
    ),
    risk=1,
)
SPANISH = Conversation(
    (
        "¿Cómo estuvo la semana?",
        "Casi no dormí y el martes quería morirme.",
        "¿Se lo contaste a alguien?",
        "Sí, a mi hermana. Mañana viene a vivir conmigo.",
    ),
    risk=1,
)
HEBREW = Conversation(
    (
        "איך עבר עליך השבוע מאז שנפגשנו?",
        "כמעט לא ישנתי, וביום שלישי רציתי למות.",
        "האם סיפרת על כך למישהו?",
        "רק לאחותי. היא ישנה אצלי עכשיו בלילה.",
    ),
    risk=1,
)
ARABIC = Conversation(
    (
        "كيف كان الأسبوع منذ لقائنا الأخير؟",
        "لم أنم تقريبا، ويوم الثلاثاء أردت أن أموت.",
        "هل أخبرت أحدا بذلك؟",
        "أخبرت أختي فقط. هي تنام عندي الآن كل ليلة.",
    ),
    risk=1,
)
RUSSIAN = Conversation(
    (
        "Как прошла неделя после нашей встречи?",
        "Я почти не спал, а во вторник хотел покончить с собой.",
        "Вы рассказали об этом кому-нибудь?",
        "Только сестре. Теперь она ночует у меня каждую ночь.",
    ),
    risk=1,
)
JAPANESE = Conversation(
    (
        "先週はどうでしたか。",
        "あまり眠れなくて、火曜日に死にたいと思いました。",
        "誰かに話しましたか。",
        "妹だけです。今は毎晩うちに泊まっています。",
    ),
    risk=1,
)
