"""The program ``caloexport``: finds the commands, maps errors to exit codes.

Exit codes: 0 done; 1 the answer is no; 2 wrong usage; 3 bad input file; 4 unsupported by the
target; 5 a missing optional dependency; 130 interrupted.
"""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
import traceback
from typing import Any, NoReturn

import click

from caloexport import __version__
from caloexport.cli import console

NOT_COMMANDS = ("main", "console")


class Commands(click.Group):
    """A group whose commands are the modules of a package."""

    def list_commands(self, context: click.Context) -> list[str]:
        package = importlib.import_module("caloexport.cli")
        names = (module.name for module in pkgutil.iter_modules(package.__path__))
        return sorted(name.rstrip("_") for name in names if name not in NOT_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        try:
            module = importlib.import_module(f"caloexport.cli.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"caloexport.cli.{name}":
                raise
            module = importlib.import_module(f"caloexport.cli.{name}_")  # a Python word or builtin
        found: click.Command = module.command
        return found

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, args)
        except click.UsageError:
            from caloexport.runtime.errors import UnknownName

            raise UnknownName("command", args[0], self.list_commands(context)) from None


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    click.echo(f"caloexport {__version__} (Python {sys.version.split()[0]})")
    for library in ("numpy", "numba", "h5py", "keras", "tensorflow-cpu", "tensorflow", "onnx"):
        try:
            click.echo(f"  {library} {version(library)}")
        except PackageNotFoundError:
            continue
    context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-q", "--quiet", is_flag=True, help="Print results and errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Show the traceback of an error.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Print the versions of caloexport and of its libraries.",
)  # fmt: skip
def cli(quiet: bool, verbose: bool) -> None:
    """Turn a calorimeter-shower generator into a file that C++ loads and one core samples fast.

    Quantities take units: 65GeV, 90deg, 2.3mm. Results go to stdout, everything else to stderr.
    """
    console.settings.quiet = quiet
    console.settings.verbose = verbose


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run the program and exit with its code."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # ✓ and µ on a terminal of another alphabet
    catch_signals()
    try:
        code = exit_code(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # before there was a command
        code = 130
    sys.exit(code)


def catch_signals() -> None:
    """Let a terminal that goes away, or a batch system that gives up, clean up as Ctrl-C does."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _interrupt)


def exit_code(arguments: list[str]) -> int:
    """Run the program and return its exit code; errors are printed."""
    from caloexport.runtime.errors import CaloexportError, OutputFileError

    as_json = "--json" in arguments
    try:
        result = cli.main(args=arguments, prog_name="caloexport", standalone_mode=False)
    except CaloexportError as error:
        if console.settings.verbose:
            traceback.print_exc()
        return _fail(error.exit_code, error.code, error.message, error.where, error.hint, as_json)
    except click.exceptions.NoArgsIsHelpError as error:
        console.complain(error.format_message())  # the help, which names the commands
        return 2
    except click.ClickException as error:
        hint = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else None
        hint = f"see {hint} --help" if hint else None
        return _fail(2, "usage", " ".join(error.format_message().split()), None, hint, as_json)
    except (KeyboardInterrupt, click.Abort):
        console.complain("\ncaloexport: interrupted")
        return 130
    except OSError as error:
        wrapped = OutputFileError(error.strerror or str(error), where=str(error.filename or ""))
        code = wrapped.exit_code
        return _fail(code, wrapped.code, wrapped.message, wrapped.where, None, as_json)
    except MemoryError:
        return _fail(
            3, "memory", "not enough memory", None, "is the file as large as it says?", as_json
        )
    return result if isinstance(result, int) else 0  # a command that called Context.exit


def _interrupt(*_: Any) -> NoReturn:
    console.settings.interrupted = True
    raise KeyboardInterrupt


def _fail(
    code: int, name: str, message: str, where: str | None, hint: str | None, as_json: bool
) -> int:
    place = f"{where}: " if where else ""
    console.complain(f"caloexport: {place}{message}")
    if hint:
        console.complain(f"  hint: {hint}")
    if as_json:
        console.emit(
            {
                "schema": "caloexport.error/1",
                "code": name,
                "message": message,
                "where": where,
                "hint": hint,
            }
        )
    return code


if __name__ == "__main__":
    run()
