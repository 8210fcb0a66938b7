"""A kept database is used as long as nothing changes that it was made of."""

from therapybridge.tests.migrated import MADE_OF, ROOT, fingerprint


def test_a_changed_renamed_or_added_file_makes_another_database(tmp_path):
    one = tmp_path / "0001_initial.py"
    one.write_text("a")
    seen = [fingerprint([one])]
    one.write_text("b")
    seen.append(fingerprint([one]))
    seen.append(fingerprint([one.rename(tmp_path / "0001_first.py")]))
    (tmp_path / "0002_more.py").write_text("")
    seen.append(fingerprint(tmp_path.iterdir()))
    assert len(set(seen)) == 4
    assert fingerprint(tmp_path.iterdir()) == seen[-1]


def test_every_module_that_a_migration_imports_counts():
    imported = {
        name
        for path in ROOT.glob("*/migrations/*.py")
        for line in path.read_text().splitlines()
        if line.strip().startswith(("import ", "from "))
        for name in [line.split()[1].replace(".", "/")]
        if (ROOT / f"{name}.py").exists() or (ROOT / name).is_dir()
    }
    counted = {path for pattern in MADE_OF for path in ROOT.glob(pattern)}
    files = {ROOT / f"{name}.py" for name in imported if (ROOT / f"{name}.py").exists()}
    assert files <= counted
