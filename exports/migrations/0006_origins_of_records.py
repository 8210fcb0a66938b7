from django.db import migrations

LEFT_OUT = {"what": "Parts of the record", "exception": "unknown", "reason": "Which ones was not kept.", "ids": []}


def name_origins(apps, schema_editor):
    """What an import kept of its file becomes the origin of the record; of what was left out only the number is known."""
    for row in apps.get_model("exports", "RecordImport").objects.select_related("requested_by"):
        source = row.source or {}
        count = source.get("withheld", [])
        if isinstance(count, int):
            source["withheld"] = [LEFT_OUT | {"count": count}] if count else []
        if row.status == "completed":
            source["origins"] = [_origin(row, source)]
        row.source = source
        row.save(update_fields=["source"])


def _origin(row, source):
    by = row.requested_by
    return {
        "id": str(row.pk),
        "practice": source["practice_id"],
        "practice_name": source["practice"],
        "exported_at": source["made_at"],
        "exported_by": source["made_by"],
        "imported_at": row.completed_at.isoformat(),
        "imported_by": f"{by.first_name} {by.last_name}".strip() if by else "",
        "sha256": row.sha256,
        "left_out": source.get("withheld", []),
    }


class Migration(migrations.Migration):

    dependencies = [
        ("exports", "0005_record_imports"),
    ]

    operations = [
        migrations.RenameField(model_name="recordimport", old_name="told", new_name="source"),
        migrations.RunPython(name_origins, migrations.RunPython.noop),
    ]
