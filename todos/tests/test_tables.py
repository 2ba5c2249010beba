"""Every table of people's leads with the user, so that any set of people can be anywhere."""

from django.apps import apps

MODELS = [
    model
    for app in ("accounts", "todos")
    for model in apps.get_app_config(app).get_models()
    if not model._meta.proxy
]
OF_PEOPLE = [model for model in MODELS if any(f.name == "user" for f in model._meta.fields)]
OF_NOBODY = {
    "User",  # whose key it is that the others lead with
    "DeletedAccount",  # says of whose it was no more than a random id
    "Activity",  # of all people together
}
# What leads with something else, since it is looked for without knowing whose it is.
EXCEPTIONS = {
    # By PostgreSQL itself, for each todo that is deleted with its account: does any row refer to
    # it? A todo's key is of one person anyway.
    "revision_once",
    # By the admin, which shows what befell everybody.
    "conflict_by_id",
    "deleted_by_id",
    "rejection_by_code",
    # By `manage.py prune`.
    "rejection_by_time",
}


def test_who_is_named_in_no_table_is_known():
    assert {model.__name__ for model in MODELS if model not in OF_PEOPLE} == OF_NOBODY


def test_all_constraints_and_indexes_lead_with_the_user_but_for_those_that_are_named():
    others = {
        each.name
        for model in OF_PEOPLE
        for each in [*model._meta.constraints, *model._meta.indexes]
        if each.fields[0] != "user"
    }
    assert others == EXCEPTIONS


def test_no_column_has_an_index_of_its_own_but_the_key():
    indexed = [
        field
        for model in OF_PEOPLE
        for field in model._meta.concrete_fields
        if (field.db_index or field.unique) and not field.primary_key
    ]
    assert indexed == []
