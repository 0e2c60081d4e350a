"""What charts are made of: words for figures, the house style, marks, small pictures."""
