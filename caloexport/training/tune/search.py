"""The search: trials are begun while there is room, heard, pruned, finished, and replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from caloexport.runtime.errors import AnswerIsNo, CaloexportError
from caloexport.training.interruption import interruption
from caloexport.training.plan import Plan, varied
from caloexport.training.runs import messages
from caloexport.training.runs.messages import Ended, Message, Scored
from caloexport.training.runs.place import Place
from caloexport.training.tune import study as states
from caloexport.training.tune.attempt import Attempt
from caloexport.training.tune.folder import BEST, Asked, SearchFolder
from caloexport.training.tune.result import changed_settings, heading, result
from caloexport.training.tune.space import Space
from caloexport.training.tune.study import Study
from caloexport.training.tune.watch import Watch

#: seconds between two looks at the clock while no run tells anything
PATIENCE_S = 0.5
#: trials that may fail one after the other: then it is not the settings
MOST_FAILURES = 5
STALE = "the search was killed while it ran"

Show = Callable[[Watch], None]


class Search:
    """A search at work.

    Args:
        folder: of the search, held by this process.
        plan: of every trial's first seed.
        space: how it is varied.
        asked: how many trials.
        study: where they are kept.
    """

    def __init__(
        self, folder: SearchFolder, plan: Plan, space: Space, asked: Asked, study: Study
    ) -> None:
        self.folder, self.plan, self.space = folder, plan, space
        self.asked, self.study = asked, study
        self._attempts: dict[str, Attempt] = {}
        self._saved: list[Attempt] = []
        self._failures: list[str] = []
        self._watch = Watch(asked.trials)

    def take_up(self) -> None:
        """Sort the trials that an earlier process left running: go on with them, or fail them."""
        for trial in self.study.trials():
            if trial.how != states.RUNNING or trial.search != self.asked.identity:
                continue
            if not trial.saved:
                self._fail(trial.number, STALE)
                continue
            plan = self._plan_of(trial.number, self.space.settings(trial.parameters))
            folder, seeds = self.folder.trial(trial.number), self.asked.seeds_per_trial
            attempt = Attempt(trial.number, folder, plan, seeds, trial.scores, trial.mark)
            self._saved.append(attempt)

    def result(self) -> dict[str, Any]:
        """Return what came out so far, schema ``caloexport.tune/1``."""
        return result(self.folder, self.plan, self.asked, self.study)

    def run(self, place: Place, show: Show = lambda watch: None) -> dict[str, Any]:
        """Search until enough trials are finished.

        Raises:
            KeyboardInterrupt: on Ctrl-C or SIGTERM, after every run has saved.
            AnswerIsNo: trial after trial failed.
        """
        with interruption() as asked:
            while True:
                while not asked() and place.free > 0 and self._wanted():
                    self._begin(place)
                if not self._attempts:
                    break
                if asked():
                    place.interrupt()
                for name, message in place.hear(PATIENCE_S):
                    self._hear(place, name, message, interrupted=asked())
                show(self._watch)
            if asked():
                raise KeyboardInterrupt
        self._refuse_failures()
        return self.result()

    def _wanted(self) -> bool:
        """Say whether another trial shall begin; those that failed are replaced."""
        if len(self._failures) >= MOST_FAILURES:
            return False
        ended = sum(t.how in (states.FINISHED, states.PRUNED) for t in self.study.trials())
        return ended + len(self._attempts) < self.asked.trials

    def _begin(self, place: Place) -> None:
        attempt = self._saved.pop(0) if self._saved else self._new()
        if attempt is not None:
            self.study.save(attempt.number, saved=False)
            self._attempts[attempt.name] = attempt
            self._start(place, attempt)

    def _new(self) -> Attempt | None:
        """Ask for a trial; None when its settings do not go together."""
        number, settings = self.study.ask(self.space)
        try:
            plan = self._plan_of(number, settings)
        except CaloexportError as error:
            self._fail(number, str(error))
            return None
        folder = self.folder.trial(number)
        self.folder.write_toml(f"{folder.name}/trial.toml", settings)
        return Attempt(number, folder, plan, self.asked.seeds_per_trial)

    def _plan_of(self, number: int, settings: dict[str, dict[str, Any]]) -> Plan:
        return varied(self.plan, settings, self.folder.trial(number).name)

    def _start(self, place: Place, attempt: Attempt) -> None:
        self._watch.start(attempt.name, len(attempt.scores))
        place.start(attempt.job())

    def _hear(self, place: Place, name: str, message: Message, *, interrupted: bool) -> None:
        attempt = self._attempts[name]
        self._watch.hear(name, message)
        if isinstance(message, Scored):
            attempt.stopping |= self._report(attempt, message)
            place.answer(name, stop=attempt.stopping)
        elif isinstance(message, Ended):
            self._end(attempt, message)
            if name not in self._attempts:
                return
            if interrupted:
                self._end(attempt, Ended(messages.INTERRUPTED))  # between two of its seeds
            else:
                self._start(place, attempt)

    def _report(self, attempt: Attempt, scored: Scored) -> bool:
        stop = False
        for mark, score in attempt.marks(scored):
            stop = self.study.report(attempt.number, mark, score)
        return stop

    def _end(self, attempt: Attempt, ended: Ended) -> None:
        """Take in that a seed's run is over; the attempt stays while there are seeds to do."""
        number = attempt.number
        if ended.how == messages.FINISHED and ended.summary is not None:
            attempt.scores.append(ended.summary["score"])
            floor = (ended.summary[name] for name in ("score_floor", "score_floor_error"))
            self.study.note_scores(number, attempt.scores, *floor)
            if not attempt.done:
                return
            self.study.finish(number, attempt.score)
            self._failures.clear()
        elif ended.how == messages.STOPPED:
            self.study.prune(number)
            self.folder.thin(number)
            self._failures.clear()
        elif ended.how == messages.INTERRUPTED:
            self.study.save(number, saved=True)
        else:
            self._fail(number, ended.reason or "no reason given")
        del self._attempts[attempt.name]
        self._note(attempt)

    def _fail(self, number: int, reason: str) -> None:
        self.study.fail(number, reason)
        self.folder.thin(number)
        if reason != STALE:
            self._failures.append(reason)

    def _note(self, attempt: Attempt) -> None:
        """Write down where the search stands."""
        self._watch.end(attempt.name, self.study.trials())
        found = self.result()
        self.folder.write_result(found)
        if found["best"] and found["best"]["number"] == attempt.number:
            parameters = found["best"]["parameters"]
            settings = changed_settings(self.plan, self.space.settings(parameters))
            self.folder.write_toml(BEST, settings, heading(found, self.plan.data))

    def _refuse_failures(self) -> None:
        if len(self._failures) >= MOST_FAILURES:
            message = f"{len(self._failures)} trials failed one after the other; the last: "
            raise AnswerIsNo(
                message + self._failures[-1],
                where=str(self.folder.path),
                hint="the logs are in the trials' folders; --resume goes on",
            )
