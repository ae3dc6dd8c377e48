package finding

// A Collector keeps a stream until it ends. Most reports do: whether a line may be shown depends on the secrets of all findings
// ([NewMask]). A report embeds it and adds Finish.
type Collector struct {
	Tool      Tool
	Rules     []*Rule // that ran
	Findings  []*Finding
	Silenced  []*Finding // by a comment or a baseline
	Incidents []Incident
}

func (c *Collector) Start(tool Tool, rules []*Rule) error {
	c.Tool, c.Rules = tool, rules
	return nil
}

func (c *Collector) Finding(f *Finding) error {
	if f.Suppressed != nil {
		c.Silenced = append(c.Silenced, f)
	} else {
		c.Findings = append(c.Findings, f)
	}
	return nil
}

func (c *Collector) Incident(i *Incident) error {
	c.Incidents = append(c.Incidents, *i)
	return nil
}

// All is every finding, silenced ones among them, in their order; or only those that are shown.
func (c *Collector) All(silenced bool) []*Finding {
	if !silenced || len(c.Silenced) == 0 {
		return c.Findings
	}
	all := append(append(make([]*Finding, 0, len(c.Findings)+len(c.Silenced)), c.Findings...), c.Silenced...)
	Sort(all)
	return all
}
