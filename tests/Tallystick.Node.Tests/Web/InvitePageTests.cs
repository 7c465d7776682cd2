using System.Net;
using Tallystick.Client;
using Tallystick.Node.Tests.Invites;

namespace Tallystick.Node.Tests.Web;

/// <summary>Inviting and joining in two browsers, without script.</summary>
public sealed class InvitePageTests : InvitedNodes
{
    [Fact]
    public async Task A_link_is_made_on_one_page_and_taken_on_the_other()
    {
        using var hers = await Browser.SignedInAsync(Alice.Host);
        using var made = await hers.PostAsync("/invite", "/invite", ("limit", "25"), ("expires", "1h"));
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var page = await Browser.TextAsync(made);
        Assert.Contains("<svg class=\"qr\"", page, StringComparison.Ordinal);
        Assert.Contains("You may owe them at most 25.00 credits", page, StringComparison.Ordinal);
        var link = page.Split('"').First(text => text.StartsWith("tallystick://", StringComparison.Ordinal));
        Assert.DoesNotContain(link, await hers.PageAsync("/invite"), StringComparison.Ordinal);

        using var his = await Browser.SignedInAsync(Bob.Host);
        using var joined = await his.PostAsync("/join", "/join", ("link", link), ("name", "ally"));
        Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        var answer = await Browser.TextAsync(joined);
        Assert.Contains("You joined ally", answer, StringComparison.Ordinal);
        Assert.Contains("You may owe ally at most 25.00 credits", answer, StringComparison.Ordinal);
        var phrase = (await Alice.Client.GetInvitesAsync()).All[0].Phrase;
        Assert.Contains($"<strong>{phrase}</strong>", answer, StringComparison.Ordinal);
        Assert.Contains($"bob joined ({phrase})", await hers.PageAsync("/invite"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_said_on_the_page_and_what_was_typed_stays()
    {
        using var browser = await Browser.SignedInAsync(Bob.Host);
        using var refused = await browser.PostAsync("/join", "/join", ("link", "tallystick://join/<b>"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var page = await Browser.TextAsync(refused);
        Assert.Contains("This invitation is damaged", page, StringComparison.Ordinal);
        Assert.Contains("tallystick://join/&lt;b&gt;", page, StringComparison.Ordinal);

        using var unpriced = await browser.PostAsync("/invite", "/invite", ("limit", "abc"));
        Assert.Equal(HttpStatusCode.BadRequest, unpriced.StatusCode);
        Assert.Empty((await Bob.Client.GetInvitesAsync()).All);
    }

    [Fact]
    public async Task A_link_is_taken_back_on_the_page()
    {
        using var browser = await Browser.SignedInAsync(Alice.Host);
        using var made = await browser.PostAsync("/invite", "/invite", ("limit", string.Empty));
        var id = (await Alice.Client.GetInvitesAsync()).All[0].Id;
        using var revoked = await browser.PostAsync("/invite", $"/invite/{id}/revoke");
        Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
        Assert.Equal(InviteStates.Revoked, (await Alice.Client.GetInviteAsync(id)).State);
    }

    [Theory]
    [InlineData("/invite")]
    [InlineData("/join")]
    public async Task Nobody_but_the_owner_sees_them_or_sends_their_forms(string path)
    {
        using var stranger = new Browser(Alice.Host);
        using var page = await stranger.GetAsync(path);
        Assert.NotEqual(HttpStatusCode.OK, page.StatusCode);
        using var owner = await Browser.SignedInAsync(Alice.Host);
        using var forged = await owner.PostAsync(path, [("form", "wrong"), ("link", "x")]);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Empty((await Alice.Client.GetInvitesAsync()).All);
    }
}
