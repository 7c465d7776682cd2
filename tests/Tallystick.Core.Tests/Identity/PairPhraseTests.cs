using Tallystick.Core.Identity;

namespace Tallystick.Core.Tests.Identity;

public sealed class PairPhraseTests
{
    private static readonly PublicKey Alice = Samples.Alice;
    private static readonly PublicKey Bob = Samples.Bob;

    [Fact]
    public void Both_people_read_the_same_four_words()
    {
        var phrase = PairPhrase.Of(Alice, Bob);
        Assert.Equal(phrase, PairPhrase.Of(Bob, Alice));
        Assert.Matches("^([bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]( |$)){4}", phrase);
    }

    [Fact]
    public void Another_key_gives_other_words()
    {
        var bytes = Bob.ToArray();
        var phrases = Enumerable.Range(0, 256).Select(last =>
        {
            bytes[^1] = (byte)last;
            return PublicKey.TryCreate(bytes, out var other) ? PairPhrase.Of(Alice, other) : string.Empty;
        });
        Assert.Equal(256, phrases.Distinct().Count());
    }
}
