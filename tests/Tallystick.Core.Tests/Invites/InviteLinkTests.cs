using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Money;

namespace Tallystick.Core.Tests.Invites;

public sealed class InviteLinkTests
{
    private static readonly InviteLink Link = new(
        Samples.Alice,
        "alice",
        Asset.Credits,
        CreditLimit.FromUnits(10_000),
        ExpiresSeconds: 1_800_000_000,
        Secret: UInt128.Parse("123456789012345678901234567890"),
        ["192.0.2.7:5000", "[2001:db8::7]:5000", "alice.example:5001"]);

    [Fact]
    public void What_is_written_is_read_again()
    {
        var text = Link.ToString();
        Assert.StartsWith("tallystick://", text, StringComparison.Ordinal);
        Assert.True(text.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '/' or '-' or '_'), "No shell minds it.");

        Assert.True(InviteLink.TryParse($"  {text}\n", out var read, out _));
        Assert.Equal(Link.Inviter, read.Inviter);
        Assert.Equal((Link.Name, Link.Asset, Link.Limit), (read.Name, read.Asset, read.Limit));
        Assert.Equal((Link.ExpiresSeconds, Link.Secret), (read.ExpiresSeconds, read.Secret));
        Assert.Equal(Link.Addresses, read.Addresses);
        Assert.Equal(Link.Token, read.Token);
    }

    [Fact]
    public void Every_link_comes_back()
    {
        var any =
            from secret in ArbMap.Default.GeneratorFor<ulong>()
            from limit in Gen.Choose(-1, int.MaxValue)
            from expires in Gen.Choose(0, int.MaxValue)
            from count in Gen.Choose(1, InviteLink.MaxAddresses)
            from name in Gen.Elements("a", "Jörg", new string('x', 64), "\u202eevil")
            select Link with
            {
                Name = name,
                Secret = new UInt128(secret, ~secret),
                Limit = limit < 0 ? CreditLimit.None : CreditLimit.FromUnits(limit),
                ExpiresSeconds = expires,
                Addresses = [.. Enumerable.Range(1, count).Select(i => $"host{i}.example:{i}")],
            };
        Prop.ForAll(any.ToArbitrary(), link =>
            InviteLink.TryParse(link.ToString(), out var read, out _)
            && read.ToString() == link.ToString()
            && read.Token == link.Token).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_link_of_which_any_letter_was_changed_is_refused()
    {
        var text = Link.ToString();
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var other in "Aa0-_ /\u00e9")
            {
                var changed = new StringBuilder(text) { [at] = other }.ToString();
                if (changed == text)
                    continue;
                Assert.False(InviteLink.TryParse(changed, out _, out var problem), $"letter {at} became '{other}'");
                Assert.EndsWith(".", problem, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_link_that_was_cut_or_continued_is_refused()
    {
        var text = Link.ToString();
        for (var length = 0; length < text.Length; length++)
            Assert.False(InviteLink.TryParse(text[..length], out _, out _), $"cut to {length}");
        Assert.False(InviteLink.TryParse(text + "A", out _, out _));
        Assert.False(InviteLink.TryParse(text + "=", out _, out _));
        Assert.False(InviteLink.TryParse(text.Insert(40, "\n"), out _, out _));
        Assert.False(InviteLink.TryParse(null, out _, out _));
        Assert.False(InviteLink.TryParse("tallystick://join/" + new string('A', 1_000_000), out _, out _));
    }

    [Fact]
    public void Whatever_is_changed_with_a_check_that_fits_has_another_token()
    {
        InviteLink[] changed =
        [
            Link with { Name = "alicia" },
            Link with { Asset = Asset.TryCreate("EUR", 2, out var euro) ? euro : Asset.Credits },
            Link with { Limit = CreditLimit.None },
            Link with { ExpiresSeconds = Link.ExpiresSeconds + 1 },
            Link with { Secret = Link.Secret + 1 },
            Link with { Addresses = ["192.0.2.8:5000"] },
            Link with { Inviter = Samples.Bob },
        ];
        Assert.All(changed, link =>
        {
            Assert.True(InviteLink.TryParse(link.ToString(), out _, out _));
            Assert.NotEqual(Link.Token, link.Token);
        });
    }

    [Fact]
    public void A_token_is_not_told_by_its_digest_or_its_text()
    {
        var token = Link.Token;
        Assert.NotEqual(token.Value, token.Digest);
        Assert.DoesNotContain(token.Value.ToString()[..8], token.ToString(), StringComparison.Ordinal);
        Assert.Equal(Hash.Of(token.Value.ToArray()), token.Digest);
    }
}
