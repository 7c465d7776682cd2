using Tallystick.Cli.Sentences;

namespace Tallystick.Cli.Tests.Sentences;

public sealed class NoticeSentencesTests
{
    [Theory]
    [InlineData("127.0.0.1:5000", "at 127.0.0.1:5000")]
    [InlineData("[::1]:5000", "at [::1]:5000")]
    [InlineData("[::]:5000", "on port 5000")]
    [InlineData("0.0.0.0:5000", "on port 5000")]
    public void Nobody_is_told_to_dial_every_address(string listen, string said) =>
        Assert.Equal(said, NoticeSentences.Where(listen));
}
