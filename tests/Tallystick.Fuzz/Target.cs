namespace Tallystick.Fuzz;

/// <summary>Something that takes hostile bytes. Nothing but an answer or a refusal may come out.</summary>
internal abstract class Target
{
    /// <summary>One word; also the name of its corpus file.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes that mean something to it and are spliced into its inputs.</summary>
    public virtual IReadOnlyList<byte[]> Tokens => [];

    /// <summary>The longest input that is made by mutation.</summary>
    public virtual int MaxLength => 4096;

    /// <summary>What one input may allocate on its thread, in bytes.</summary>
    public virtual long MostAllocated(int length) => 512 * 1024 + 128L * length;

    /// <summary>Inputs to begin with.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>An input made by the target's grammar, or null when it has none.</summary>
    public virtual byte[]? Generate(Random random) => null;

    /// <summary>Takes one input; whatever it throws is a finding.</summary>
    /// <returns>In few words what happened. An input that brings new words is kept and mutated further.</returns>
    public abstract string Run(byte[] input);
}

/// <summary>An answer that may not come out. Everything else that is thrown is a finding as well.</summary>
internal sealed class FindingException : Exception
{
    public FindingException()
    {
    }

    public FindingException(string message)
        : base(message)
    {
    }

    public FindingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
