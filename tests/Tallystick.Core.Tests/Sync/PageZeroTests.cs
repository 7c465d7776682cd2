using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Loop;

namespace Tallystick.Core.Tests.Sync;

/// <summary>There is no page 0, whatever a peer says. Found by fuzzing the loop.</summary>
public sealed class PageZeroTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_hello_that_names_a_hash_of_page_0_cannot_be_read(bool own)
    {
        var nothing = new Head(0, Hash.Of("page 0"u8));
        var hello = own ? Samples.Hello.Hello with { Mine = nothing } : Samples.Hello.Hello with { Held = nothing };
        Assert.False(HelloCodec.TryDecode(HelloCodec.Encode(hello).Bytes, out _, out var refusal));
        Assert.Equal(Rejections.BadEncoding, refusal.Why);
    }

    [Theory]
    [InlineData(Party.Zero)]
    [InlineData(Party.One)]
    public void A_question_for_page_0_is_not_answered(Party author)
    {
        var pair = new LoopPair();
        pair.Settle();
        var state = pair.A.State;
        Assert.Empty(TabLoop.Step(state, new PageAsked(state.Session!.Link, author, 0)).Effects);
        Assert.NotEmpty(TabLoop.Step(state, new PageAsked(state.Session!.Link, author, 1)).Effects);
    }
}
