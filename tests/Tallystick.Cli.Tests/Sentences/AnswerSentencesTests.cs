using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Tests.Sentences;

public sealed class AnswerSentencesTests
{
    [Fact]
    public void A_balance_without_a_tab_tells_nobody_known_from_nobody_met()
    {
        var none = new Balances([], []);
        Assert.Equal([AnswerSentences.NoPeers], AnswerSentences.Balances(none, []));
        var bob = new Peer("bob", null, "192.0.2.7:5001", null, Online: false, Trouble: null);
        Assert.Equal(["There is no tab yet: you have not met bob."], AnswerSentences.Balances(none, [bob]));
    }
}
