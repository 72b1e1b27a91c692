"""What the secrets of well-known services look like, as data.

Only shapes that their makers chose so that scanners can find them: a fixed prefix and a known alphabet. Each
stands with the page of its maker that shows it. A service without such a prefix is left to the rules of
`redact.py` that go by the name a value is given.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of secret.

    Attributes:
        owner: who issues it.
        marks: strings of which each such secret holds one; looked for first, since that is cheap.
        pattern: a regular expression; the secret is its group `secret` if it has one, else all of it.
        source: where its maker shows it.
    """

    owner: str
    marks: tuple[str, ...]
    pattern: str
    source: str


_START = r"(?<![A-Za-z0-9])"

SHAPES = (
    Shape(
        "AWS access key id",
        ("AKIA", "ASIA", "ABIA", "ACCA"),
        _START + r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])",
        "docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    Shape(
        "GitHub",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        _START + r"(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{36,244})",
        "github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available",
    ),
    Shape(
        "GitLab",
        ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-", "glffct-"),
        r"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_.-]{20,300}",
        "docs.gitlab.com/security/tokens/#token-prefixes",
    ),
    Shape(
        "Slack",
        ("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe.", "xoxe-", "xapp-"),
        _START + r"(?:xox[bpars]-|xoxe[.-](?:xox[bp]-)?|xapp-)[A-Za-z0-9-]{10,400}",
        "docs.slack.dev/authentication/tokens",
    ),
    Shape(
        "Slack webhook",
        ("hooks.slack.com/",),
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9/_-]{20,200})",
        "docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
    ),
    Shape(
        # OpenAI, Anthropic, OpenRouter, DeepSeek, Moonshot, DashScope and others share this prefix.
        "model services",
        ("sk-",),
        _START + r"sk-(?=[A-Za-z_-]{0,60}[0-9])(?:[a-z0-9]{2,10}-){0,3}[A-Za-z0-9_-]{20,300}",
        "platform.openai.com/docs/api-reference/authentication; platform.claude.com/docs/en/api/overview",
    ),
    Shape(
        "Hugging Face",
        ("hf_", "api_org_"),
        _START + r"(?:hf|api_org)_[A-Za-z0-9]{34,60}(?![A-Za-z0-9_])",
        "huggingface.co/docs/hub/security-tokens",
    ),
    Shape("Groq", ("gsk_",), _START + r"gsk_[A-Za-z0-9]{40,80}", "console.groq.com/docs/quickstart"),
    Shape("xAI", ("xai-",), _START + r"xai-[A-Za-z0-9]{60,100}", "docs.x.ai/docs/tutorial"),
    Shape("Perplexity", ("pplx-",), _START + r"pplx-[A-Za-z0-9]{40,80}", "docs.perplexity.ai"),
    Shape("Replicate", ("r8_",), _START + r"r8_[A-Za-z0-9]{37}", "replicate.com/docs/topics/security"),
    Shape(
        "Google",
        ("AIza", "GOCSPX-", "ya29."),
        _START + r"(?:AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{20,400})",
        "cloud.google.com/docs/authentication/api-keys-use",
    ),
    Shape(
        "Stripe",
        ("k_live_", "k_test_", "whsec_"),
        _START + r"(?:[sr]k_(?:live|test)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9]{24,100})",
        "docs.stripe.com/keys",
    ),
    Shape("SendGrid", ("SG.",), _START + r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}", "docs.sendgrid.com"),
    Shape("Twilio", ("SK",), _START + r"SK[0-9a-f]{32}(?![0-9A-Za-z])", "twilio.com/docs/iam/api-keys"),
    Shape("npm", ("npm_",), _START + r"npm_[A-Za-z0-9]{36}", "docs.npmjs.com/about-access-tokens"),
    Shape(
        "PyPI",
        ("pypi-",),
        _START + r"pypi-[A-Za-z0-9_-]{50,400}",
        "warehouse.pypa.io/development/token-scanning.html",
    ),
    Shape(
        "Docker", ("dckr_",), _START + r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,60}", "docs.docker.com/security"
    ),
    Shape(
        "DigitalOcean",
        ("_v1_",),
        _START + r"do[opr]_v1_[0-9a-f]{64}",
        "docs.digitalocean.com/reference/api/create-personal-access-token",
    ),
    Shape(
        "HashiCorp",
        ("hvs.", "hvb.", "hvr.", ".atlasv1."),
        _START + r"(?:hv[sbr]\.[A-Za-z0-9_-]{24,300}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80})",
        "developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes",
    ),
    Shape(
        "Shopify",
        ("shpat_", "shpca_", "shppa_", "shpss_"),
        _START + r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
        "shopify.dev/docs/apps/build/authentication-authorization",
    ),
    Shape("Telegram", (":AA",), _START + r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}", "core.telegram.org/bots/api"),
    Shape(
        "Databricks",
        ("dapi",),
        _START + r"dapi[0-9a-f]{32}(?:-[0-9])?",
        "docs.databricks.com/dev-tools/auth/pat",
    ),
    Shape(
        "Grafana",
        ("glsa_", "glc_"),
        _START + r"gl(?:sa|c)_[A-Za-z0-9_+/=]{32,400}",
        "grafana.com/docs/grafana",
    ),
    Shape("Linear", ("lin_",), _START + r"lin_(?:api|oauth)_[A-Za-z0-9]{32,80}", "linear.app/developers"),
    Shape("Atlassian", ("ATATT3", "ATCTT3"), r"AT[AC]TT3[A-Za-z0-9_=-]{60,400}", "support.atlassian.com"),
    Shape(
        "Alibaba Cloud",
        ("LTAI",),
        _START + r"LTAI[A-Za-z0-9]{12,26}(?![A-Za-z0-9])",
        "alibabacloud.com/help/ram",
    ),
    Shape("age", ("AGE-SECRET-KEY-1",), r"AGE-SECRET-KEY-1[0-9A-Z]{58}", "age-encryption.org/v1"),
    Shape(
        "JSON Web Token",
        ("eyJ",),
        r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}",
        "rfc-editor.org/rfc/rfc7519",
    ),
    Shape(
        "password in a URL",
        ("://",),
        r"://[^\s/?#:@\"'`<>{}$%()]{0,100}:(?P<secret>[^\s/?#:@\"'`<>{}$()\[\]]{3,200})@(?=[A-Za-z0-9\[])",
        "rfc-editor.org/rfc/rfc3986#section-3.2.1",
    ),
    Shape(
        "HTTP credentials",
        ("earer ", "asic "),
        r"(?:[Bb]earer|[Bb]asic) +(?P<secret>(?=[^\s\"'`]*[0-9])[A-Za-z0-9._~+/-]{20,2000}=*)",
        "rfc-editor.org/rfc/rfc6750; rfc-editor.org/rfc/rfc7617",
    ),
)
