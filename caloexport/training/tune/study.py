"""The study: which trials there were, and which settings the next one shall try."""

from __future__ import annotations

import math
import statistics
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.training.tune.space import Space

#: evaluations of a run are told to the pruner at so many places, the same for every trial: it
#: compares trials at equal ones only, and the batch decides after which updates there is a score
MARKS = 20
#: marks before a trial may be pruned: a fifth of the first seed's run
WARM_UP = 4
#: trials drawn at random before the sampler learns from them; finished ones before any is pruned
RANDOM, FEWEST = 10, 5

#: fraction of the finished trials that counts as good where the importance of parameters is told
GOOD = 0.5

#: how a trial ended
FINISHED, PRUNED, FAILED, RUNNING = "finished", "pruned", "failed", "running"


@dataclass(frozen=True)
class Trial:
    """A trial as the storage knows it.

    Attributes:
        number: from 0.
        how: FINISHED, PRUNED, FAILED or RUNNING.
        parameters: by "section.key".
        scores: of the seeds that are done.
        score: their mean, of a finished trial; what it had when it was pruned; else None.
        floor, floor_error: the score of a perfect generator; None where no seed is done.
        reason: why it failed.
        search: which search began it.
        saved: it was interrupted, and can go on.
        mark: the last one that a score was told at.
    """

    number: int
    how: str
    parameters: dict[str, Any]
    scores: tuple[float, ...]
    score: float | None
    floor: float | None
    floor_error: float | None
    reason: str | None
    search: str | None
    saved: bool
    mark: int

    @property
    def spread(self) -> float | None:
        """The standard deviation over its seeds, from n - 1."""
        return statistics.stdev(self.scores) if len(self.scores) > 1 else None

    @property
    def rank(self) -> float:
        """What a finished trial is ranked by, smaller is better."""
        return math.inf if self.score is None else self.score


class Study:
    """A study of Optuna: minimises the physics score.

    Args:
        name: of the study in its storage.
        storage: of Optuna.
        seed: of the sampler.
        search: mark of the search that asks; a database can hold the trials of others.
        resume: the study is there already.

    Raises:
        UsageError: a study of this name is there already, and ``resume`` is False.
        InputFileError: none is there, and ``resume`` is True.
    """

    def __init__(self, name: str, storage: Any, seed: int, search: str, *, resume: bool) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._seed, self._search = seed, search
        pruner = optuna.pruners.MedianPruner(FEWEST, n_warmup_steps=WARM_UP)
        try:
            if resume:
                self._study = optuna.load_study(study_name=name, storage=storage, pruner=pruner)
            else:
                self._study = optuna.create_study(study_name=name, storage=storage, pruner=pruner)
        except KeyError:
            message = f"holds no study '{name}'"
            hint = (
                "a study has the name that the folder had when the search began: give it back, "
                "or give the --storage that the search began with"
            )
            raise InputFileError(message, where="the storage", hint=hint) from None
        except optuna.exceptions.DuplicatedStudyError:
            message = f"the storage holds a study '{name}' already"
            raise UsageError(message, hint="choose another -o: its last part is the name") from None

    def propose(self, parameters: dict[str, Any]) -> None:
        """Let the next trial try some parameters."""
        self._study.enqueue_trial(parameters)

    def ask(self, space: Space) -> tuple[int, dict[str, dict[str, Any]]]:
        """Begin a trial; return its number and sections of settings."""
        self._study.sampler = self._sampler()
        trial = self._study.ask()
        trial.set_user_attr("search", self._search)
        return trial.number, space.suggest(trial)

    def _sampler(self) -> Any:
        """Return a sampler whose random numbers follow from the seed and the trial's number.

        One for the whole search would begin its numbers anew in every resumed part, and repeat
        the trials of the first.
        """
        import optuna

        number = len(self._study.get_trials(deepcopy=False))
        state = np.random.SeedSequence((self._seed, number)).generate_state(1)
        # the liar: trials that run now count as poor ones, so that no two try the same
        return optuna.samplers.TPESampler(
            n_startup_trials=RANDOM, constant_liar=True, seed=int(state[0])
        )

    def report(self, number: int, mark: int, score: float) -> bool:
        """Tell how a trial does; return whether to stop it."""
        trial = self._of(number)
        trial.report(score, mark)
        return bool(trial.should_prune())

    def save(self, number: int, *, saved: bool) -> None:
        """Note whether a trial was interrupted and can go on."""
        self._of(number).set_user_attr("saved", saved)

    def note_scores(
        self,
        number: int,
        scores: list[float],
        floor: float | None = None,
        floor_error: float | None = None,
    ) -> None:
        """Note the scores of the seeds that are done, and that of a perfect generator."""
        trial = self._of(number)
        trial.set_user_attr("scores", scores)
        trial.set_user_attr("floor", floor)
        trial.set_user_attr("floor_error", floor_error)

    def finish(self, number: int, score: float) -> None:
        """End a trial with its score."""
        self._study.tell(number, score)

    def prune(self, number: int) -> None:
        """End a trial that does worse than others did."""
        import optuna

        self._study.tell(number, state=optuna.trial.TrialState.PRUNED)

    def fail(self, number: int, reason: str) -> None:
        """End a trial that went wrong."""
        import optuna

        self._of(number).set_user_attr("reason", reason)
        self._study.tell(number, state=optuna.trial.TrialState.FAIL)

    def trials(self) -> list[Trial]:
        """Return all trials that were begun, by number."""
        return list(self._trials())

    def importance(self) -> dict[str, float]:
        """Return how far each parameter decides whether a trial is in the better half.

        PED-ANOVA (Watanabe, Bansal, Hutter, IJCAI 2023), which needs no further library.
        """
        import optuna

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parameters that had one value only
            evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=GOOD)
            return dict(optuna.importance.get_param_importances(self._study, evaluator=evaluator))

    def _trials(self) -> Iterator[Trial]:
        import optuna

        states = optuna.trial.TrialState
        names = {
            states.COMPLETE: FINISHED, states.PRUNED: PRUNED, states.FAIL: FAILED,
            states.RUNNING: RUNNING,
        }  # fmt: skip
        for one in self._study.get_trials(deepcopy=False):
            if one.state not in names:
                continue
            noted = one.user_attrs
            yield Trial(
                number=one.number,
                how=names[one.state],
                parameters=dict(one.params),
                scores=tuple(noted.get("scores", ())),
                score=one.value,
                floor=noted.get("floor"),
                floor_error=noted.get("floor_error"),
                reason=noted.get("reason"),
                search=noted.get("search"),
                saved=bool(noted.get("saved")),
                mark=max(one.intermediate_values, default=0),
            )

    def _of(self, number: int) -> Any:
        """Return a running trial; one of an earlier process exists in the storage alone."""
        import optuna

        (frozen,) = (t for t in self._study.get_trials(deepcopy=False) if t.number == number)
        return optuna.trial.Trial(self._study, frozen._trial_id)
