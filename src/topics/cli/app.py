"""All commands together."""

from __future__ import annotations

import typer

from topics.cli import comparing, corpus, describing, running, sorting, themes


def build() -> typer.Typer:
    """The application; its commands import what they need when they run."""
    app = typer.Typer(
        name="topics",
        help="Themes and topics of Arabic news: sort articles, with reasons; find topics; report.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )

    @app.callback(invoke_without_command=True)
    def version(
        show: bool = typer.Option(False, "--version", is_eager=True, help="Print the version and leave."),
    ) -> None:
        if show:
            from importlib.metadata import version

            typer.echo(version("arabic-topics"))
            raise typer.Exit

    running.register(app)
    sorting.register(app)
    describing.register(app)
    comparing.register(app)
    corpus.register(app)
    themes.register(app)
    return app
