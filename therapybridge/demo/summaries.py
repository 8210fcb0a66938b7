"""What therapists wrote for patients where the built-in draft had nothing to say, or words that hang in the air."""

# By dialogue; the names are those of the patient's own words.
SUMMARIES = {
    "building_the_ladder": (
        "Today we built your ladder, from standing at the $station to the long ride to the coast. You don't have to "
        "imagine the top yet. This week you go to the $station on three days and stay on the platform for twenty "
        "minutes."
    ),
    "first_ride": (
        "You rode the $train, one stop, scared and still doing it. That sentence is yours, keep it. We agreed on one "
        "stop on three days this week, the last time with $friend in the next car, and you note the fear at the start "
        "and at the end."
    ),
    "work_deadline": (
        "We looked at the weekend that work took from you, and at what your body said to it. This week you ask your "
        "boss which of the two projects comes first, in the words you found today, and you take one evening "
        "completely off."
    ),
    "ride_alone": (
        "Two stops alone, and you nearly forgot to get off. You noticed a thought and saw that it was only a thought. "
        "We agreed on three stops alone on two days, at a quiet hour. Write down what you expected from the other "
        "passengers."
    ),
    "sister_boundary": (
        "You practised a sentence that is kind and clear: you can't host this year, and you bring dessert. On Saturday "
        "you tell $sister, with the card in your pocket. If the guilt comes, notice it, and stay with your sentence."
    ),
    "sister_said_okay": (
        "You said your sentence, and $sister said okay. An old rule has a crack. This week you try one small no, "
        "somewhere where it is not important, and write down what happened afterwards."
    ),
    "setback": (
        "Monday in the tunnel was hard, and you stayed. Four days later you came here by $train. That is not the "
        "beginning. We agreed: write the thought from the tunnel into a thought record, and go down one rung, two "
        "stops at a quiet hour, three times this week. Be kind to yourself tonight."
    ),
    "a_dark_evening": (
        "Thank you for speaking so openly today. You don't have to carry it alone, and you have people who gladly pick "
        "up the phone. We meet again on Friday."
    ),
    "after_the_dark_evening": (
        "The evenings are a little lighter, and you used what we had written down. Nice things had dropped out of your "
        "week. You plan two of them in your calendar, the walk around the lake and the bread, and write down "
        "afterwards how much each of them gave you, from zero to ten."
    ),
    "kinder_voice": (
        "We listened to the cold voice, and you found a kinder one: It's okay, get the broom. Say your sentence three "
        "times this week, out loud if nobody is around, and write down what happens next."
    ),
    "rush_hour": (
        "Rush hour, seven stops, and room in your head for a parrot. Doing things is what makes you feel safe: those "
        "were your words. This week you ride in the last car on three days, and note what you were paying attention to."
    ),
    "what_matters": (
        "You said what you would like to be remembered for: warmth, being there for people, making things, quiet "
        "courage. The making gets more room. You finish two bowls by next time, and write down what shows up when you "
        "do."
    ),
    "the_long_trip": (
        "Two hours to the coast and two hours back, with the tunnel. Both goals of your first day have a check mark "
        "now. For next time, write a letter to yourself for a difficult day: what helped, and what you would like to "
        "hear."
    ),
    "grief_and_guilt": (
        "You told me about your father's last call, and you said to him what you had not been able to say. This week, "
        "perhaps on Sunday with the coffee, you write him a letter about anything that you would have told him on the "
        "phone. You don't have to show it to anyone."
    ),
    "grief_the_workshop": (
        "Ten minutes on the stool, without sorting anything: that is enough for a first visit to the workshop. You ask "
        "$sister whether she comes with you, and you tell her that you are scared of it too."
    ),
    "grief_his_birthday": (
        "You spent his birthday in the workshop, with $sister and the bad cake, sad and laughing in the same hour. "
        "Until next time, think about a small ritual for the last visit to the house, and ask $sister what she would "
        "want."
    ),
}
