package settings

import "slices"

// A Kind is what a value may be.
type Kind uint8

const (
	Text     Kind = iota
	Choice        // one of Choices
	Flag          // true or false
	Number        // a whole number, not negative
	Words         // ids of rules and what else --select takes
	Globs         // in the syntax of .gitignore, relative to the folder of the file
	Paths         // relative to the folder of the file
	Path          // one of them
	Texts         // a list
	Ignores       // a table: globs to ids
	Rules         // a table: ids to tables of ruleKeys
	Policies      // a file, {url, sha256}, or a list of them
	Tables        // a list of tables: overrides
)

// A Key is one setting.
type Key struct {
	Name    string
	Kind    Kind
	Choices []string
	Default string // as it would be written
	Doc     string // one sentence, without a full stop
	Whole   bool   // about the scan as a whole: the nearest file above where it starts says it
	Nested  bool   // may stand in [[overrides]]
	Flag    string // of `wadjet scan`, when it is not the name
}

var severities = []string{"low", "medium", "high", "critical"}
var confidences = []string{"low", "medium", "high"}

// Keys are all settings there are.
var Keys = []Key{
	{Name: "profile", Kind: Choice, Choices: []string{"default", "strict", "audit"}, Default: `"default"`, Nested: true,
		Doc: "how much to show: what a team wants to see on its first day, what is worth having after that, everything"},
	{Name: "select", Kind: Words, Default: "all rules of the profile", Nested: true,
		Doc: "only these rules, whatever their profile: ids of wadjet, Bandit, Ruff or dlint, cwe:78, owasp:A03, cwe-top25"},
	{Name: "extend-select", Kind: Words, Nested: true, Doc: "these rules as well"},
	{Name: "ignore", Kind: Words, Nested: true, Doc: "all but these rules"},
	{Name: "per-file-ignores", Kind: Ignores, Doc: "what to ignore in the files that fit a glob"},
	{Name: "rule", Kind: Rules, Nested: true, Doc: "settings of a rule, or of the rules that a word like cwe:78 stands for"},
	{Name: "severity-level", Kind: Choice, Choices: severities, Default: `"low"`, Nested: true, Doc: "show only this severity and worse"},
	{Name: "confidence-level", Kind: Choice, Choices: confidences, Default: `"low"`, Nested: true, Doc: "show only this confidence and surer"},
	{Name: "fail-on", Kind: Choice, Choices: severities, Default: `"high"`, Nested: true,
		Doc: "exit 1 from this severity on, with at least medium confidence"},
	{Name: "foreign-suppressions", Kind: Choice, Choices: []string{"recheck", "honour", "ignore"}, Default: `"recheck"`, Nested: true,
		Doc: "what comments for other tools may silence: what no flow has proven since, whatever they cover, nothing"},
	{Name: "python-version", Kind: Text, Nested: true, Doc: "the oldest Python that the code is to run on, as \"3.11\""},
	{Name: "baseline", Kind: Path, Doc: "findings in this file are known, and not shown"},
	{Name: "exclude", Kind: Globs, Doc: "leave these files and folders out"},
	{Name: "include", Kind: Globs, Doc: "read only these files, or what lies in these folders"},
	{Name: "rules", Kind: Paths, Doc: "also run the rules of these files or folders, in Semgrep's format"},
	{Name: "builtin", Kind: Flag, Default: "true", Whole: true, Flag: "no-builtin", Doc: "run the built-in rules"},
	{Name: "format", Kind: Text, Default: `"text"`, Whole: true, Doc: "the format of the report"},
	{Name: "output", Kind: Texts, Whole: true, Doc: "write reports to these files, each as FORMAT=FILE, below the folder of this file"},
	{Name: "require-complete", Kind: Flag, Default: "false", Whole: true, Doc: "exit 3 when any file was not analysed"},
	{Name: "max-file-size", Kind: Number, Default: "10485760", Whole: true, Doc: "the largest file that is read, in bytes"},
	{Name: "required-version", Kind: Text, Doc: "the versions of wadjet that these settings are for, as \">=0.3,<1\""},
	{Name: "extends", Kind: Policies, Doc: "settings that come before these: a file, or {url = \"https://…\", sha256 = \"…\"}"},
	{Name: "overrides", Kind: Tables, Doc: "settings for the files that fit the globs of `paths`"},
}

// ruleKeys are the settings of one rule.
var ruleKeys = []Key{
	{Name: "severity", Kind: Choice, Choices: severities, Doc: "the severity of its findings"},
	{Name: "confidence", Kind: Choice, Choices: confidences, Doc: "the confidence of its findings"},
	{Name: "exclude", Kind: Globs, Doc: "files that it does not look at"},
	{Name: "include", Kind: Globs, Doc: "the only files that it looks at"},
}

// overrideKeys are what may stand in [[overrides]].
func overrideKeys() []Key {
	keys := []Key{{Name: "paths", Kind: Globs, Doc: "the files that the other keys are for"}}
	for _, k := range Keys {
		if k.Nested {
			keys = append(keys, k)
		}
	}
	return keys
}

// KeyOf is the setting of that name.
func KeyOf(name string) (Key, bool) {
	i := slices.IndexFunc(Keys, func(k Key) bool { return k.Name == name })
	if i < 0 {
		return Key{}, false
	}
	return Keys[i], true
}
