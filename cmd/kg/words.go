package main

import (
	"strconv"
	"strings"
)

var plurals = map[string]string{"entity": "entities"}

// countText is a number and the word for what it counts: "1 claim", "3 entities".
func countText(n int, word string) string {
	if n != 1 {
		if p := plurals[word]; p != "" {
			word = p
		} else {
			word += "s"
		}
	}
	return strconv.Itoa(n) + " " + word
}

// didYouMean ends an error message with words that may have been meant.
func didYouMean(words ...string) string {
	if len(words) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(words, " or ") + "?"
}

// oneWord is the word of a suggestion, if there is one.
func oneWord(word string, ok bool) []string {
	if !ok {
		return nil
	}
	return []string{word}
}
