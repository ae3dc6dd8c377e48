package evaluate

import (
	"strings"
	"testing"
)

func TestLooksSecret(t *testing.T) {
	for _, s := range []string{
		"", "a", "change", "1234", "deadbeef", "iamarealsentence", "password123", "p@ssw0rd123!", "1one2two3three", "changeme1234",
		"someReallyLongComplicatedObjectiveCMethodName", "{$variable.someProperty}", strings.Repeat("x", 80), strings.Repeat("ringer", 12),
		"Many hands make light work.", "django.contrib.auth.middleware.AuthenticationMiddleware", "https://example.com/api/v1/users?page=2",
		"2024-01-02T03:04:05Z", "0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "your-secret-key-here",
		"postgresql://user:password@localhost:5432/db", "%Y-%m-%d %H:%M:%S", "192.168.100.200", "X-Amzn-Trace-Id", "test_user_can_update_profile",
		"11111111-1111-1111-1111-111111111111", "Mozilla/5.0 (X11; Linux x86_64)", "1.2.840.113549.1.1.11", "application/x-www-form-urlencoded",
		"NSURLSessionDataTask", "XMLHttpRequestUpload", "パスワードを入力してください", "SELECT id, name FROM users WHERE id = %s",
		"20240102030405", "19991231235959", "1714564800000", "123456789012", "https://example.org/archive/34bf0e88955ff5a1c328d6a7491acc4f48e865a7.tar.gz",
	} {
		if LooksSecret(s) {
			t.Errorf("%q looks like a secret: %.1f bits, %.2f each", s, textBits(s), textBits(s)/float64(len(s)))
		}
	}
	for _, s := range []string{
		"4d616e792068616e", "3904f09ecc562711", "d800a95092455de2", "a3f5c9d2e1b84760", "8F14E45FCEEA167A5A36DEDD4BEA2543",
		"550e8400-e29b-41d4-a716-446655440000", "dafsklmztynxi", "wezfzcqmoz", "feoi7n978faseduy987ybf67t4ni867fased6tbi6fa34nf97",
		"TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsuCg==", "wJ4lrXUtnFEQIK7MDZNGbPxRfiCYzq8v3hTg", "Zx9!kQ2@vL7#pR4$", "qN7vR2xKp9",
		"AB7DKQ2MZX9WTPLR4V6Y", "287139315271", "app_34bf0e88955ff5a1c328d6a7491acc4f48e865a7", "x8Zk2LmQ9vR4tYw7Bn3Jd6Fs1Hc5Gp0Ke", strings.Repeat("x8Zk2LmQ9vR4tYw7Bn3Jd6Fs1Hc5Gp0KeTz", 1) + "Qw",
	} {
		if !LooksSecret(s) {
			t.Errorf("%q looks like no secret: %.1f bits, %.2f each", s, textBits(s), textBits(s)/float64(len(s)))
		}
	}
}

func TestPlaceholder(t *testing.T) {
	for _, s := range []string{
		"", "changeme", "CHANGE_ME", "change-me-please", "your-api-key", "YOUR_SECRET_HERE", "<password>", "${DB_PASSWORD}", "{{ password }}", "%(token)s", "%s",
		"xxxxxxxx", "XXXX-XXXX", "********", "...", "TODO", "none", "null", "dummy", "example", "insert-key-here", "replace_with_token", "fake-token", "my-secret-key",
		"$PASSWORD", "<your token>", "[redacted]", "n/a", "test", "sk_test_xxxxxxxxxxxx", "secret", "password", "to be filled in", "-", "000000000000",
	} {
		if !Placeholder(s) {
			t.Errorf("%q is a placeholder", s)
		}
	}
	for _, s := range []string{
		"hunter2", "s3cr3t!", "correct horse battery staple", "Tr0ub4dor&3", "admin", "qN7vR2xKp9", "4d616e792068616e", "letmein", "Winter2024", "postgres",
		"yourself", "testament", "exchange", "xerox", "AKIA4HQ7ZK2PLM9XWTRV",
	} {
		if Placeholder(s) {
			t.Errorf("%q is no placeholder", s)
		}
	}
}

func FuzzEntropy(f *testing.F) {
	for _, s := range []string{"", "a", "AKIA", "20240102", "19", "deadbeef-1234", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if LooksSecret(s) && s == "" {
			t.Fatal("nothing is no secret")
		}
		if bits := textBits(s); bits < 0 {
			t.Fatalf("%v bits", bits)
		}
		_ = Placeholder(s)
	})
}
