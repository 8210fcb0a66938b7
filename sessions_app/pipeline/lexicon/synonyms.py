"""Words that may stand for each other when a statement is compared with what was said, one group a line.

A group holds what a clinician writes for what a patient says. Opposites, degrees and frequencies are apart on purpose.
"""

SYNONYMS = """
mother mum mom mummy mommy mama ma
father dad daddy papa pa
parent parents folks
grandmother grandma gran granny nana
grandfather grandpa granddad grandad
sibling brother
sibling sister
child kid
children kids child
son boy
daughter girl
baby infant newborn
husband spouse partner hubby
wife spouse partner
partner boyfriend
partner girlfriend
relative family relation
friend mate buddy pal
boss manager supervisor
supervisor superior
colleague coworker workmate teammate
employer employee employment job work
work job career occupation office workplace working worked
doctor gp physician
psychiatrist psychiatry
teacher professor tutor
school class college university
exam test exams
neighbour neighbor
police officer cops
anxious anxiety nervous anxiously worried uneasy
anxious tense
worry worried concern concerned worries fret
worry anxious
panic panicky panicked
afraid fear scared frightened fearful terrified fears
dread dreading dreads
sad sadness unhappy down low
low depressed depression down mood
depressed depression depressive
miserable misery
cry tears tearful crying wept weep
angry anger mad furious rage angrily
irritable irritated irritability annoyed annoyance snappy
frustrated frustration frustrating
guilt guilty
shame ashamed
embarrassed embarrassment embarrassing humiliated humiliation
lonely loneliness alone isolated isolation
hopeless hopelessness despair
hope hopeful optimistic
proud pride
happy happiness glad joy joyful
relief relieved
calm calmer calming peaceful relaxed relaxing relax
grateful gratitude thankful
jealous jealousy
numb numbness empty emptiness
overwhelm overwhelmed overwhelming swamped
stress stressed stressful strain pressure
exhausted tired exhaustion tiredness fatigue fatigued worn drained weary
energy energetic
motivation motivated
confident confidence
hurt hurting hurtful
pain painful ache
grief grieve grieving grieved mourning mourn
sleep asleep slept sleeping sleepless
insomnia sleepless
awake wake waking woke awaken awakening
nap napping
nightmare nightmares
dream dreamt dreaming
eat eating ate eaten meal food
appetite hungry hunger
drink drinking drank drunk alcohol
alcohol wine beer booze drunk
smoke smoking smoked cigarette
cannabis marijuana weed pot
drug drugs
sober sobriety
medication medicine meds pill tablet prescription
dose dosage
therapy counselling counseling therapist
hospital hospitalised hospitalized hospitalisation hospitalization
suicide suicidal
die died dead death dying deceased
kill killing killed
argue argument argued row quarrel fight fought conflict fighting disagreement
shout shouting shouted yell yelled yelling scream
criticise criticism criticize critical criticised criticized
blame blamed blaming
divorce divorced divorcing
separate separated separation
marry married marriage wedding
move moved moving relocate relocation
house home flat apartment
money finance financial finances
rent bills
debt debts owe owes owed
buy bought purchase
pay paid payment
spend spent spending
call phone telephone ring rang phoned called
message text texted email mail wrote
write wrote written writing jot
letter letters
read reading
meet met meeting
visit visited visiting
see saw seen
hear heard hearing
leave left leaving leaves
go went gone goes
come came coming comes
get got getting gotten
give gave given
take took taken taking takes
make made making
begin began begun start started starting
stop stopped stopping cease quit discontinue discontinued
every each all always
finish finished end ended complete completed
continue continued continues keep kept keeping
try tried trying attempt attempted tries
help helped helpful helping helps
improve improved improvement better improving
worse worsen worsened worsening worst deteriorate
reduce reduced fewer less decrease decreased
increase increased more
grow grew grown
lose lost losing loss
find found finding
feel felt feels
think thought thinks
know knew known knows
believe belief believed believes
remember remembered memory recall recalls
forget forgot forgotten forgetful
understand understood understanding
decide decided decision
choose chose choice
plan planned plans planning intend intends intends
want wants wanted wish wishes
agree agreed agreement willing
refuse refused declined decline
promise promised
practise practice practised practiced practising practicing
exercise exercises exercising
breathe breathing breath
walk walked walking
run running ran
gym workout
journal journaling diary notebook
log record track tracking tracked recording
suggest suggested suggestion recommend recommended propose proposed
encourage encouraged
invite invited invites
assign assigned homework task
avoid avoided avoidance avoiding avoids
isolate isolating withdraw withdrawn withdrew
cope coped coping manage managed managing handle handled
support supported supportive
trust trusted trusting
attend attended attending attendance
arrive arrived came
return returned back
cancel cancelled canceled
postpone postponed delay delayed
late later
early earlier
quick quickly fast
slow slowly
often frequent frequently
sometimes occasionally occasional
always constantly constant
usual usually
daily everyday
morning mornings
evening evenings
night nights overnight
afternoon afternoons
week weeks
weekend weekends
month months monthly
year years yearly
today now
past previous previously before formerly last
recent recently lately
young younger childhood
old older
big large
small little
good well fine
bad badly poor poorly terrible awful
hard difficult difficulty trouble struggle struggled struggles struggling
easy easier easily ease
strange weird odd
alone lonely
focus concentrate concentration concentrating focused focusing
distract distracted distraction
rumination ruminate ruminating overthink overthinking
flashback flashbacks
heart heartbeat palpitations
race racing pounding pounds
shake shaking shaky tremble trembling trembled
sweat sweating sweaty
dizzy dizziness lightheaded
headache headaches
stomach belly tummy gut
tight tightness
tension tense
sick ill illness unwell nausea nauseous
accident crash
attack attacks
trigger triggers triggered
boundary boundaries limits limit
perfectionism perfectionist perfect
esteem worth
hit hits beat
cut cuts cutting
harm harming harmed hurt
safe safely safety
fired dismissed
job employment
redundant redundancy
retire retired retirement
promotion promoted
deadline deadlines
task chore chores
shopping shop shops grocery groceries supermarket
clean cleaning cleaned
cook cooked cooking
drive drove driving
train trains
bus buses
bed bedtime
lie lying lay lain
phone mobile smartphone
screen screens
music song songs
garden gardening
pet dog
pet cat
funeral burial
birthday birthdays
holiday holidays vacation
church congregation
pray prayed prayer praying
share shared
talk talked talking spoke speak speaking conversation
tell told
ask asked question
answer answered reply replied respond responded response
listen listened
learn learned learnt learning
teach taught
show showed shown
notice noticed noticing
realise realised realize realized
recognise recognised recognize recognized
accept accepted acceptance
change changed changing
happen happened occurred occur
weigh weight
gain gained
miss missed missing misses
love loved loves loving
hate hated hates
like liked likes enjoy enjoyed enjoys enjoyable
laugh laughed laughing
smile smiled smiling
dress dressed
wash washed shower showered bath
sit sat sitting
stand stood standing
fall fell fallen
stay stayed staying remain remained
wait waited waiting
bring brought
hold held holding
pick picked
send sent sending
open opened
close closed closing shut
build built building
break broke broken
choir sing sang singing
paint painting painted
draw drew drawing
play played playing
swim swam swimming
study studied studying studies
apply applied application
interview interviews
finance budget
attempt tried
harder hardest
urge urges craving cravings
relapse relapsed
pregnant pregnancy
birth born
lawyer solicitor attorney
court hearing
afraid worried
comfort comfortable comforting
uncomfortable discomfort
irritation irritable
quiet quietly silent silence
criticise judge judged
loud loudly
reject rejected rejection
abandon abandoned abandonment
ignore ignored
argue tension
responsible responsibility
burden burdened
useless worthless worthlessness
failure failed fail failing
progress progressed
success successful succeeded
goal goals aim
value values
reason reasons
idea ideas
thoughts thought thinking
feelings feeling emotion emotions emotional
body bodily physical physically
mind mental mentally
step steps
list listed lists
technique method exercise
strategy technique tool
skill skills
grounded grounding
meditate meditation meditating
mindful mindfulness
evidence proof
challenge challenged challenging
balanced balance
reframe reframed reframing
exposure exposed
schedule scheduled
routine routines
consider considered considering
prefer preferred preferable
"""

# Said in several words, written in one; over folded text.
PHRASES = {
    r"(kill|killing) (my|your|him|her|them)sel(f|ves)": "suicidal",
    r"(end|ending|take|taking|took) (my|your|his|her|their) (own )?life": "suicidal",
    r"(passed|pass) away": "died",
    r"(every|each|per) (single )?day": "daily",
    r"(every|each|per) (single )?night": "nightly",
    r"(every|each|per|once a) (single )?week": "weekly",
    r"(every|each|in the) (single )?morning": "morning",
    r"a lot( of)?|lots of|plenty of": "much",
    r"(laid|lay) off|got the sack|lost (my|her|his|your|their) job": "fired lost job",
    r"(broke|break|broken|split) up": "separated",
    r"(cut|cutting) (down|back)( on)?": "reduce",
    r"(give|gave|giving|given) up": "quit",
    r"(fall|falls|falling|fell|drop|dropping|drift|drifting) (off|asleep)": "asleep",
    r"(wake|wakes|waking|woke|woken) up": "awake",
    r"(show|showed|turn|turned|shows|turns) up": "came",
    r"(get|gets|getting|got) up": "rise",
    r"(look|looks|looking|looked) after|take(s|n)? care of|taking care of|took care of": "care",
    r"(work|works|working|worked) out": "workout",
    r"(get|gets|getting|got) along|(get|gets|getting|got) on (with|well)": "relate",
    r"(stay|stays|staying|stayed) away from": "avoid",
    r"(put|puts|putting) off": "postpone",
    r"(calm|calms|calming|calmed) down": "calm",
    r"(throw|threw|throwing) up": "vomit",
    r"on edge": "anxious",
    r"fed up": "frustrated",
    r"burn(t|ed)? out": "burnout",
    r"(worn|wiped) out": "exhausted",
    r"stressed out": "stressed",
    r"no longer|not any ?more|any ?more|any longer": "not",
    r"a couple( of)?": "2",
    r"half (of )?the": "half",
    r"in laws?": "relatives",
    r"text message": "text",
    r"(write|writes|wrote|writing|written|jot|jotted|jotting|note|noted|noting) (it |them )?down": "write",
    r"due to|because of|owing to": "because",
    r"(all by|by) (my|him|her|your|them)sel(f|ves)": "alone",
    r"on (my|his|her|your|their) own": "alone",
    r"right now|at the moment|at present|these days": "currently",
    r"next to": "beside",
    r"as well|at all|of course|you know|i mean|kind of|sort of|i guess": "",
}
