"""What the scanner reads with: numbers, nouns, periods, and the words around a numeral."""
