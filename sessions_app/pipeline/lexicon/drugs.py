"""Names of medicines and substances that must have been said before a note may name them."""

_DRUGS_TEXT = """
sertraline zoloft lustral fluoxetine prozac citalopram celexa cipramil escitalopram lexapro cipralex paroxetine paxil
seroxat fluvoxamine luvox venlafaxine effexor duloxetine cymbalta desvenlafaxine pristiq mirtazapine remeron bupropion
wellbutrin trazodone amitriptyline nortriptyline clomipramine imipramine vortioxetine trintellix brintellix
agomelatine moclobemide phenelzine lithium valproate depakote lamotrigine lamictal carbamazepine tegretol topiramate
quetiapine seroquel olanzapine zyprexa risperidone risperdal aripiprazole abilify clozapine clozaril haloperidol
ziprasidone paliperidone lurasidone latuda diazepam valium lorazepam ativan alprazolam xanax clonazepam klonopin
temazepam zopiclone zolpidem ambien buspirone buspar propranolol hydroxyzine pregabalin lyrica gabapentin melatonin
methylphenidate ritalin concerta lisdexamfetamine vyvanse elvanse adderall atomoxetine strattera guanfacine clonidine
prazosin naltrexone acamprosate disulfiram antabuse methadone buprenorphine suboxone ketamine esketamine spravato
modafinil levothyroxine metformin insulin ibuprofen paracetamol acetaminophen tylenol aspirin codeine tramadol
oxycodone oxycontin hydrocodone morphine fentanyl heroin cocaine crack amphetamine methamphetamine meth mdma ecstasy
lsd psilocybin cannabis marijuana kratom
"""
DRUGS = frozenset(_DRUGS_TEXT.split())
