package evaluate

import (
	"encoding/json"
	"slices"
	"strings"
)

// Kinds of problem in an IAM policy, as [PolicyKinds] says them.
const (
	PolicyAdmin        = "admin"                // everything is allowed on everything
	PolicyPublic       = "public-principal"     // anyone is allowed, and no condition narrows who
	PolicyEscalation   = "privilege-escalation" // what is allowed is enough to get everything
	PolicyService      = "service-admin"        // every action of a service on all of its resources
	PolicyNotAction    = "not-action"           // all but some actions are allowed, those of services to come as well
	PolicyNotResource  = "not-resource"         // all but some resources
	PolicyNotPrincipal = "not-principal"        // all but some principals: everyone else in the world
	PolicyAll          = "all-resources"        // something that changes or reads out, on every resource
)

// A PolicyProblem is one thing that a policy allows too much of.
type PolicyProblem struct {
	Kind      string
	Statement int    // counted from 0
	Detail    string // the action, the service or the principal, as written
}

// PolicyKinds are the kinds of problem in an IAM policy, each once, worst first. The document is JSON, or a map as a dict display gives it; the
// answer to what is no policy is empty.
func PolicyKinds(document any) []string {
	var out []string
	for _, p := range PolicyProblems(document) {
		if !slices.Contains(out, p.Kind) {
			out = append(out, p.Kind)
		}
	}
	return out
}

// PolicyDetail is the detail of the first problem of a kind: which action, service or principal it is.
func PolicyDetail(document any, kind string) string {
	for _, p := range PolicyProblems(document) {
		if p.Kind == kind {
			return p.Detail
		}
	}
	return ""
}

// PolicyAllows reports whether a policy allows an action on some resource, on no condition that narrows who or when.
func PolicyAllows(document any, action string) bool {
	return policy(document).allows(action, false)
}

type statement struct {
	allow                                bool
	actions, resources, principals       []string
	notAction, notResource, notPrincipal bool
	hasPrincipal                         bool
	condition                            map[string]any
}

type statements []statement

// PolicyProblems are the problems in an IAM policy: worst kind first, then by statement. A Deny takes out what it covers when
// it is on everything and has no condition.
func PolicyProblems(document any) []PolicyProblem {
	p := policy(document)
	var out []PolicyProblem
	add := func(kind string, i int, detail string) { out = append(out, PolicyProblem{kind, i, detail}) }
	admin := false
	for i, s := range p {
		if !s.allow {
			continue
		}
		free := !s.limits()
		everywhere := !s.notResource && slices.ContainsFunc(s.resources, all)
		// A policy of a resource names no resource beyond itself: there the principal is what matters.
		switch {
		case s.notPrincipal:
			add(PolicyNotPrincipal, i, strings.Join(s.principals, ", "))
		case s.hasPrincipal && !s.narrowsWho():
			for _, who := range s.principals {
				if all(who) {
					add(PolicyPublic, i, first(s.actions))
					break
				}
			}
		}
		if s.hasPrincipal {
			continue
		}
		if s.notAction && free && everywhere && !p.denies("*") {
			add(PolicyNotAction, i, strings.Join(s.actions, ", "))
			continue
		}
		if s.notResource && free {
			add(PolicyNotResource, i, strings.Join(s.resources, ", "))
			continue
		}
		if !free || !everywhere {
			continue
		}
		wide := ""
		for _, a := range s.actions {
			service, name, _ := strings.Cut(a, ":")
			switch {
			case p.denies(a):
			case all(a) || a == "*:*":
				add(PolicyAdmin, i, a)
				admin = true
			case name == "*" && service != "":
				add(PolicyService, i, a)
			case wide == "" && !harmless(name):
				wide = a
			}
		}
		if wide != "" {
			add(PolicyAll, i, wide)
		}
	}
	if !admin {
		for _, path := range escalations {
			ok := true
			for _, a := range path {
				ok = ok && p.allows(a, true)
			}
			if ok {
				add(PolicyEscalation, p.where(path[0]), strings.Join(path, " and "))
				break
			}
		}
	}
	rank := []string{PolicyAdmin, PolicyPublic, PolicyNotPrincipal, PolicyEscalation, PolicyNotAction, PolicyNotResource, PolicyService, PolicyAll}
	slices.SortStableFunc(out, func(a, b PolicyProblem) int { return slices.Index(rank, a.Kind) - slices.Index(rank, b.Kind) })
	return out
}

func all(s string) bool { return s != "" && strings.Trim(s, "*") == "" }

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// harmless reports whether an action only lists or describes: most of these know no resource but *.
func harmless(name string) bool {
	for _, p := range []string{"List", "Describe", "Get", "Head", "Lookup", "Search", "View", "Check", "Validate", "BatchGet", "Estimate", "PutMetric"} {
		if len(name) >= len(p) && strings.EqualFold(name[:len(p)], p) {
			return true
		}
	}
	return false
}

// escalations are ways to more rights, each a set of actions that together suffice.
var escalations = [][]string{
	{"iam:CreatePolicyVersion"}, {"iam:SetDefaultPolicyVersion"}, {"iam:AttachUserPolicy"}, {"iam:AttachGroupPolicy"}, {"iam:AttachRolePolicy"},
	{"iam:PutUserPolicy"}, {"iam:PutGroupPolicy"}, {"iam:PutRolePolicy"}, {"iam:CreateAccessKey"}, {"iam:CreateLoginProfile"}, {"iam:UpdateLoginProfile"},
	{"iam:AddUserToGroup"}, {"iam:UpdateAssumeRolePolicy", "sts:AssumeRole"}, {"iam:DeleteRolePermissionsBoundary"}, {"iam:DeleteUserPermissionsBoundary"},
	{"iam:PassRole", "ec2:RunInstances"}, {"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"},
	{"iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"}, {"iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"},
	{"iam:PassRole", "cloudformation:CreateStack"}, {"iam:PassRole", "glue:CreateDevEndpoint"}, {"iam:PassRole", "glue:CreateJob", "glue:StartJobRun"},
	{"iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"}, {"iam:PassRole", "ecs:RunTask", "ecs:RegisterTaskDefinition"},
	{"iam:PassRole", "sagemaker:CreateNotebookInstance"}, {"iam:PassRole", "sagemaker:CreateTrainingJob"}, {"iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"},
	{"iam:PassRole", "codestar:CreateProject"}, {"lambda:UpdateFunctionCode"}, {"glue:UpdateDevEndpoint"}, {"cloudformation:UpdateStack", "iam:PassRole"},
	{"ssm:SendCommand"}, {"ssm:StartSession"}, {"ec2-instance-connect:SendSSHPublicKey"}, {"sts:AssumeRole"},
}

// allows reports whether an action is allowed where no condition narrows it; wide asks for all resources.
func (p statements) allows(action string, wide bool) bool { return p.grants(action, wide) >= 0 }

func (p statements) where(action string) int { return max(p.grants(action, true), 0) }

func (p statements) grants(action string, wide bool) int {
	if p.denies(action) {
		return -1
	}
	for i, s := range p {
		if !s.allow || s.hasPrincipal || s.limits() || s.notResource || wide && !slices.ContainsFunc(s.resources, broad) {
			continue
		}
		named := slices.ContainsFunc(s.actions, func(pattern string) bool { return Wildcard(pattern, action) })
		if named != s.notAction {
			return i
		}
	}
	return -1
}

// broad reports whether a resource is everything, or every one of a kind in the account: arn:aws:iam::123456789012:role/*.
func broad(resource string) bool {
	if all(resource) {
		return true
	}
	parts := strings.SplitN(resource, ":", 6)
	if len(parts) < 6 || parts[2] == "s3" { // there a path is one bucket's
		return false
	}
	return all(parts[5][strings.LastIndexAny(parts[5], "/:")+1:])
}

// denies reports whether a statement without a condition denies what a pattern allows, on everything.
func (p statements) denies(action string) bool {
	for _, s := range p {
		if s.allow || s.hasPrincipal || s.notResource || s.notAction || len(s.condition) > 0 || !slices.ContainsFunc(s.resources, all) {
			continue
		}
		if slices.ContainsFunc(s.actions, func(pattern string) bool { return Wildcard(pattern, action) }) {
			return true
		}
	}
	return false
}

// freely are keys of conditions that hold for whoever means to have them hold: how one connects, what one says of oneself.
var freely = []string{"aws:securetransport", "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:referer", "aws:useragent", "aws:currenttime", "aws:epochtime",
	"aws:tokenissuetime", "s3:x-amz-acl", "s3:signatureversion", "s3:authtype", "s3:tlsversion", "aws:requestedregion"}

// limits reports whether a condition narrows what is allowed.
func (s *statement) limits() bool {
	limits := false
	s.eachCondition(func(op, key string, values []string) {
		limits = limits || !slices.Contains(freely, key)
	})
	return limits
}

// whoKeys are keys of conditions whose fixed values leave out the public; AWS's own list for S3, and what other services have
// for the same purpose.
var whoKeys = []string{"aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths",
	"aws:userid", "aws:username", "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:vpcsourceip", "s3:dataaccesspointarn",
	"s3:dataaccesspointaccount", "kms:calleraccount", "aws:principalservicename"}

// narrowsWho reports whether a condition leaves out the public: a key that says who or whence, an operator that asks for it to
// be there, and values without a wildcard where it counts.
func (s *statement) narrowsWho() bool {
	narrows := false
	s.eachCondition(func(op, key string, values []string) {
		fixed := strings.HasSuffix(key, ":aud") || strings.HasSuffix(key, ":sub") || slices.ContainsFunc(whoKeys, func(k string) bool { return strings.EqualFold(k, key) })
		lower := strings.ToLower(op)
		lower = strings.TrimPrefix(lower, "foranyvalue:")
		switch lower {
		case "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress":
		default:
			return // negated, …IfExists, ForAllValues, Null: they hold when the key is missing
		}
		if !fixed || len(values) == 0 {
			return
		}
		for _, v := range values {
			if lower == "ipaddress" && OpenCIDR(v) || !fixedValue(key, v) {
				return
			}
		}
		narrows = true
	})
	return narrows
}

// fixedValue reports whether a value of a condition names someone in particular. A wildcard counts in the account of an ARN, and
// everywhere in what is no ARN, but for the tail of a path or a subject.
func fixedValue(key, v string) bool {
	if parts := strings.SplitN(v, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		return !strings.ContainsAny(parts[4], "*?") && (parts[4] != "" || !strings.HasPrefix(parts[5], "*"))
	}
	if strings.HasSuffix(key, "orgpaths") || strings.HasSuffix(key, ":sub") || key == "aws:userid" {
		return strings.IndexAny(v, "*?") != 0
	}
	return !strings.ContainsAny(v, "*?")
}

func (s *statement) eachCondition(f func(op, key string, values []string)) {
	for op, keys := range s.condition {
		if m, ok := keys.(map[string]any); ok {
			for key, values := range m {
				f(op, strings.ToLower(key), texts(values))
			}
		}
	}
}

// Wildcard matches as IAM does: * is any run of characters, ? any one, and case does not matter.
func Wildcard(pattern, text string) bool {
	pattern, text = strings.ToLower(pattern), strings.ToLower(text)
	star, mark, i, j := -1, 0, 0, 0
	for j < len(text) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == text[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}

// policy reads a document.
func policy(document any) statements {
	if s, ok := document.(string); ok {
		var v any
		if len(s) > 1<<20 || json.Unmarshal([]byte(s), &v) != nil {
			return nil
		}
		document = v
	}
	doc, ok := document.(map[string]any)
	if !ok {
		return nil
	}
	list, ok := doc["Statement"].([]any)
	if !ok {
		list = []any{doc["Statement"]}
	}
	var out statements
	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			continue
		}
		s := statement{allow: strings.EqualFold(text(m["Effect"]), "Allow")}
		if !s.allow && !strings.EqualFold(text(m["Effect"]), "Deny") {
			continue
		}
		if s.actions = texts(m["Action"]); m["Action"] == nil {
			s.actions, s.notAction = texts(m["NotAction"]), m["NotAction"] != nil
		}
		if s.resources = texts(m["Resource"]); m["Resource"] == nil {
			s.resources, s.notResource = texts(m["NotResource"]), m["NotResource"] != nil
		}
		who := m["Principal"]
		if who == nil {
			who, s.notPrincipal = m["NotPrincipal"], m["NotPrincipal"] != nil
		}
		s.hasPrincipal = who != nil
		if by, ok := who.(map[string]any); ok {
			keys := make([]string, 0, len(by))
			for k := range by {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				s.principals = append(s.principals, texts(by[k])...)
			}
		} else {
			s.principals = texts(who)
		}
		s.condition, _ = m["Condition"].(map[string]any)
		out = append(out, s)
	}
	return out
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// texts is a value that may be one text or a list of them.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
