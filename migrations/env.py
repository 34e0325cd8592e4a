"""Alembic's door: migrates the fixed tables on the connection it is given; list tables are not its business."""

from alembic import context

from scorecards.store.schema import fixed


def _is_fixed(_object, name, type_, _reflected, _compare_to):
    return not (type_ == "table" and name.startswith("list_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=fixed,
    render_as_batch=True,
    include_object=_is_fixed,
    transaction_per_migration=False,
)
context.run_migrations()
