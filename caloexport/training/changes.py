"""Settings that a run may take up again with: those by which one that diverged is saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from caloexport.runtime.errors import UsageError
from caloexport.training.plan import Plan, check_settings
from caloexport.training.settings import merge, read_toml

#: they change neither the network nor which showers are trained on
CHANGEABLE = (
    "learning_rate", "final_learning_rate", "critic_rate", "inputs", "drift", "largest",
    "keep_updates", "keep_every",
)  # fmt: skip


def with_changes(plan: Plan, config: Path, updates: int) -> Plan:
    """Return the plan of a run with other settings from now on.

    Args:
        plan: of the run.
        config: TOML file, whose keys are laid over the run's own settings.
        updates: done so far, for the record.

    Raises:
        UsageError: a setting differs that decides more than the steps to come.
        UnknownName, InputFileError: see ``settings.merge``.
    """
    before, where = plan.config, str(config)
    after = merge(before, read_toml(config), where)
    changed = [
        (section, key)
        for section, settings in after.items()
        if isinstance(settings, dict)
        for key, value in settings.items()
        if value != before[section].get(key)
    ]
    for section, key in changed:
        if key not in CHANGEABLE:
            message = f"changes {key} in [{section}], which the run has decided"
            hint = f"--resume can change {', '.join(CHANGEABLE)}; for others begin a new run"
            raise UsageError(message, where=where, hint=hint)
    check_settings(after, plan.family, where)
    record = [
        f"from update {updates}: [{section}] {key} = {after[section][key]}"
        for section, key in changed
    ]
    return replace(plan, config=after, changed=(*plan.changed, *record))
