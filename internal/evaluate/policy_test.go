package evaluate

import (
	"encoding/json"
	"strings"
	"testing"
)

// Policies after those of AWS's own documentation, with what it says of them: the managed policies for administrators and power users and
// for a service, "The meaning of public" of S3 and its examples of bucket policies, those of KMS, SNS, SQS and Lambda, and
// IAM's page on NotAction and NotPrincipal.
func TestPolicyTable(t *testing.T) {
	tests := []struct{ name, statement, want string }{
		{"AdministratorAccess", `{"Effect": "Allow", "Action": "*", "Resource": "*"}`, "admin"},
		{"in lists", `[{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]`, "admin"},
		{"in stars", `{"Effect": "Allow", "Action": "*:*", "Resource": "**"}`, "admin"},
		{"among others", `[{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}, {"Effect": "Allow", "Action": ["s3:GetObject", "*"], "Resource": "*"}]`, "admin"},
		{"with a second factor", `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`, "admin"},
		{"for one tag", `{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "blue"}}}`, ""},
		{"denied again", `[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": "*"}]`, ""},
		{"some denied", `[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]`, "admin"},
		{"denied on a condition", `[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]`, "admin"},
		{"everything of one bucket", `{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/*"}`, ""},
		{"PowerUserAccess", `[{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
			{"Effect": "Allow", "Action": ["iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles", "organizations:DescribeOrganization"], "Resource": "*"}]`,
			"privilege-escalation not-action all-resources"},
		{"AmazonS3FullAccess", `{"Effect": "Allow", "Action": ["s3:*", "s3-object-lambda:*"], "Resource": "*"}`, "service-admin"},
		{"AmazonS3ReadOnlyAccess", `{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*", "s3:Describe*"], "Resource": "*"}`, ""},
		{"IAMFullAccess", `{"Effect": "Allow", "Action": ["iam:*"], "Resource": "*"}`, "privilege-escalation service-admin"},
		{"IAMReadOnlyAccess", `{"Effect": "Allow", "Action": ["iam:GenerateCredentialReport", "iam:Get*", "iam:List*"], "Resource": "*"}`, "all-resources"},
		{"AWSLambdaBasicExecutionRole", `{"Effect": "Allow", "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}`, "all-resources"},
		{"AmazonEC2ReadOnlyAccess", `{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}`, ""},

		{"pass any role and run", `{"Effect": "Allow", "Action": ["iam:PassRole", "ec2:RunInstances"], "Resource": "*"}`, "privilege-escalation all-resources"},
		{"pass one role and run", `[{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/web"}, {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}]`, "all-resources"},
		{"pass to one service", `[{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}, {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}]`, "all-resources"},
		{"new version of any policy", `{"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "arn:aws:iam::123456789012:policy/*"}`, "privilege-escalation"},
		{"by wildcard", `{"Effect": "Allow", "Action": "iam:*Policy", "Resource": "*"}`, "privilege-escalation all-resources"},
		{"and denied", `[{"Effect": "Allow", "Action": "iam:PutUserPolicy", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]`, ""},
		{"assume any role", `{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}`, "privilege-escalation all-resources"},
		{"assume one role", `{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::123456789012:role/deploy"}`, ""},
		{"a user's own keys", `{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::123456789012:user/${aws:username}"}`, ""},

		{"public read", `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`, "public-principal"},
		{"public, in a map", `{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`, "public-principal"},
		{"public, in a list", `{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::123456789012:root", "*"]}, "Action": "s3:*", "Resource": "*"}`, "public-principal"},
		{"one account", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "s3:*", "Resource": "*"}`, ""},
		{"a service", `{"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"}}}`, ""},
		{"no plain HTTP", `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`, ""},
		{"public over TLS", `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`, "public-principal"},
		{"any VPC", `{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*", "Condition": {"StringLike": {"aws:SourceVpc": "vpc-*"}}}`, "public-principal"},
		{"one VPC", `{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}}`, ""},
		{"by referer", `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringLike": {"aws:Referer": ["http://www.example.com/*"]}}}`, "public-principal"},
		{"an office's address", `{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}`, ""},
		{"every address", `{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"]}}}`, "public-principal"},
		{"all but an address", `{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.188/32"}}}`, "public-principal"},
		{"one organisation", `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}}`, ""},
		{"one organisation, if it says", `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}}}`, "public-principal"},
		{"SNS from one bucket", `{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Resource": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:b"}}}`, "public-principal"},
		{"SQS from one topic", `{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*", "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-2:123456789012:t"}}}`, ""},
		{"KMS within the account", `{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "123456789012", "kms:ViaService": "s3.us-east-1.amazonaws.com"}}}`, ""},
		{"KMS for the account", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}`, ""},
		{"roles of any account", `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}}`, "public-principal"},
		{"trust of GitHub, one repository", `{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}`, ""},
		{"trust of everyone", `{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}`, "public-principal"},
		{"trust with an external id", `{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "12345"}}}`, "public-principal"},

		{"NotPrincipal", `{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:user/bob"}, "Action": "s3:*", "Resource": "*"}`, "not-principal"},
		{"Deny with NotPrincipal", `{"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:user/bob"}, "Action": "s3:*", "Resource": "*"}`, ""},
		{"NotAction", `{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}`, "privilege-escalation not-action"},
		{"Deny with NotAction", `{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}`, ""},
		{"NotAction on one bucket", `{"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::b"}`, ""},
		{"NotResource", `{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::secret"}`, "not-resource"},

		{"no effect", `{"Action": "*", "Resource": "*"}`, ""},
		{"of no form", `"x"`, ""},
		{"empty", `[]`, ""},
	}
	for _, tt := range tests {
		doc := `{"Version": "2012-10-17", "Statement": ` + tt.statement + `}`
		if got := strings.Join(PolicyKinds(doc), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		var v any
		if err := json.Unmarshal([]byte(doc), &v); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if got := strings.Join(PolicyKinds(v), " "); got != tt.want {
			t.Errorf("%s, as a map: got %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, doc := range []any{nil, "", "{", 5, []any{}, map[string]any{}, map[string]any{"Statement": 1}} {
		if got := PolicyProblems(doc); len(got) > 0 {
			t.Errorf("%v: got %v", doc, got)
		}
	}
}

func TestPolicyDetail(t *testing.T) {
	const doc = `{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Allow", "Action": ["iam:PassRole", "lambda:*"], "Resource": "*"}]}`
	for kind, want := range map[string]string{
		PolicyService: "s3:*", PolicyEscalation: "iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction", PolicyAll: "iam:PassRole", PolicyAdmin: "",
	} {
		if got := PolicyDetail(doc, kind); got != want {
			t.Errorf("%s: got %q, want %q", kind, got, want)
		}
	}
	if !PolicyAllows(doc, "S3:getobject") || PolicyAllows(doc, "ec2:RunInstances") {
		t.Error("what is allowed is told wrongly")
	}
	for _, p := range PolicyProblems(doc) {
		if want := map[string]int{"s3:*": 0}[p.Detail]; p.Detail == "s3:*" && p.Statement != want || p.Kind == PolicyEscalation && p.Statement != 1 {
			t.Errorf("%+v stands in another statement", p)
		}
	}
}

func TestWildcard(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"*", "a:B", true}, {"s3:*", "S3:GetObject", true}, {"s3:Get*", "s3:PutObject", false}, {"s3:?etObject", "s3:GetObject", true},
		{"*Policy", "iam:PutUserPolicy", true}, {"a*b*c", "aXbYbZc", true}, {"a*b*c", "ac", false}, {"", "", true}, {"", "a", false}, {"a**", "a", true},
	} {
		if got := Wildcard(tt.pattern, tt.text); got != tt.want {
			t.Errorf("%q on %q: got %v", tt.pattern, tt.text, got)
		}
	}
}

func FuzzPolicy(f *testing.F) {
	for _, s := range []string{`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`, `{"Statement": [1, {"Effect": "Deny"}]}`, `[]`,
		`{"Statement": {"Effect": "Allow", "Principal": {"AWS": ["*", 1]}, "Condition": {"IpAddress": {"aws:SourceIp": 5}}}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		problems := PolicyProblems(s)
		var v any
		if len(problems) > 0 && json.Unmarshal([]byte(s), &v) != nil {
			t.Fatal("problems of what is no JSON")
		}
		for _, p := range problems {
			if PolicyDetail(s, p.Kind) == "" && p.Kind == PolicyAdmin {
				t.Fatal("an administrator without an action")
			}
		}
	})
}
