"""Exploring a report: the choice of figures and its chart, what-if, and the widgets for JupyterLab that show them."""
