"""One self-contained page about a run, for a screen, a printer and a screen reader."""

from auditor.reports.html.page import ReportInput, render_report, write_report_html
from auditor.reports.html.summary import Unflagged
from auditor.reports.html.wording import Language

__all__ = ["Language", "ReportInput", "Unflagged", "render_report", "write_report_html"]
