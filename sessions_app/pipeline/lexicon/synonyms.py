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
baby son
baby daughter
husband spouse partner hubby
wife spouse partner
partner boyfriend
partner girlfriend
relative family relation
friend mate buddy pal
boss manager supervisor superior
colleague coworker workmate teammate
employer employee employment job work
work job career occupation office workplace working worked
doctor gp physician
psychiatrist psychiatry
teacher professor tutor
school class college university
exam test exams tests
neighbour neighbor
police officer cops
anxious anxiety nervous anxiously worried uneasy
anxious tense
worry worried concern concerned worries fret
worry anxious
panic panicky panicked
afraid fear scared frightened fearful terrified fears feared
physiotherapist physio physiotherapy
television tv telly
increase raise higher rise up
reduce lower down
image images picture pictures
other others else
rarely seldom hardly little
film filmed video
postpone postponing postponed putting delay
full crowded packed
woken woke wake waking awake
bedside bed
school form
shift shifts night
form paperwork
few little slight slightly bit
weight stone pounds kilos
tremor shaking shake shaky shakes
guess estimate estimates estimated reckon reckons
sad sadness unhappy down low
low depressed depression down mood
miserable misery
cry tears tearful crying wept weep
angry anger mad furious rage angrily
irritable irritated irritability annoyed annoyance snappy
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
pain painful ache
grief grieve grieving grieved mourning mourn
sleep asleep slept sleeping sleepless
insomnia sleepless
awake wake waking woke awaken awakening
dream dreamt dreaming
eat eating ate eaten meal food
appetite hungry hunger
drink drinking drank drunk alcohol pint pints wine whisky beer glass units
wine red white
alcohol wine beer booze drunk
smoke smoking smoked cigarette
cannabis marijuana weed pot
sober sobriety
medication medicine meds pill tablet prescription
dose dosage
therapy counselling counseling therapist
hospital hospitalised hospitalized hospitalisation hospitalization
die died dead death dying deceased
argue argument argued row quarrel fight fought conflict fighting disagreement
shout shouting shouted yell yelled yelling scream
criticise criticism criticize critical criticised criticized
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
meet met meeting
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
practise practice practised practiced practising practicing
run running ran
gym workout
journal journaling diary notebook
log record track tracking tracked recording
suggest suggested suggestion recommend recommended propose proposed
assign assigned homework task
isolate isolating withdraw withdrawn withdrew
cope coped coping manage managed managing handle handled
arrive arrived came
return returned back
postpone postponed delay delayed
late later
early earlier
quick quickly fast
slow slowly
often frequent frequently
sometimes occasionally occasional
always constantly constant
daily everyday
night nights overnight
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
rumination ruminate ruminating overthink overthinking
heart heartbeat palpitations
race racing pounding pounds
shake shaking shaky tremble trembling trembled
sweat sweating sweaty
dizzy dizziness lightheaded
stomach belly tummy gut
tension tense
sick ill illness unwell nausea nauseous
accident crash
boundary boundaries limits limit
perfectionism perfectionist perfect
esteem worth
hit hits beat
harm harming harmed hurt
safe safely safety
fired dismissed
job employment
task chore chores
shopping shop shops grocery groceries supermarket
drive drove driving
bus buses
bed bedtime
lie lying lay lain
phone mobile smartphone
music song songs
pet dog
pet cat
funeral burial
holiday holidays vacation
church congregation
pray prayed prayer praying
talk talked talking spoke speak speaking conversation
tell told
ask asked question
answer answered reply replied respond responded response
learn learned learnt learning
teach taught
show showed shown
realise realised realize realized
recognise recognised recognize recognized
happen happened occurred occur
weigh weight
like liked likes enjoy enjoyed enjoys enjoyable
wash washed shower showered bath
sit sat sitting
stand stood standing
fall fell fallen
stay stayed staying remain remained
bring brought
hold held holding
send sent sending
close closed closing shut
build built building
break broke broken
choir sing sang singing
draw drew drawing
swim swam swimming
apply applied application
finance budget
attempt tried
harder hardest
urge urges craving cravings
pregnant pregnancy
birth born
lawyer solicitor attorney
court hearing
afraid worried
uncomfortable discomfort
quiet quietly silent silence
criticise judge judged
argue tension
useless worthless worthlessness
failure failed fail failing
success successful succeeded
goal goals aim
thoughts thought thinking
feelings feeling emotion emotions emotional
body bodily physical physically
mind mental mentally
technique method exercise
strategy technique tool
evidence proof
exposure exposed
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
