// Package evaluate says what texts mean that programs hand to others: IAM policies, addresses and ranges, cipher
// strings, regular expressions. Rules ask it instead of guessing by spelling.
//
// Every function is pure and total: it reads no file, asks no network and no clock, and answers any input, in time that its
// length bounds. What it cannot read it answers with the empty answer, so that a condition on it does not hold;
// where "not read" and "nothing found" must be told apart there is a second result.
//
// It imports nothing of the project but the engine of regular expressions, and knows no rule.
package evaluate
